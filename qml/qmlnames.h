// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/fielddecoder.h"

#include <QtCore/QStringList>

/// The fields' names as QML knows them: dots become `_`; a name that is `taken` or not unique gets a trailing `_`.
QStringList qmlNames(const QList<FieldDecoder> &fields, const QStringList &taken);
