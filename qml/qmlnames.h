// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/fielddecoder.h"

#include <QtCore/QStringList>

/// The fields' names as QML knows them, one rule for roles, properties and all that takes a field's name: dots become
/// `_`, no name is `value`; a name that is `taken` or not unique gets a trailing `_`.
QStringList qmlNames(const QList<FieldDecoder> &fields, const QStringList &taken);

/// What delegates have already.
QStringList namesTakenInDelegates();

/// The field of that name, as the layout or as QML has it, with or without the trailing `_`; -1 if there is none.
qsizetype fieldOfName(const QList<FieldDecoder> &fields, const QString &name);
