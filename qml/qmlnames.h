// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/fielddecoder.h"

#include <QtCore/QStringList>

/// Returns the names of fields in QML, for roles, properties and arguments alike. A dot becomes `_`. An empty name
/// becomes `value`. A name that is in `taken` or not unique gets a trailing `_`.
QStringList qmlNames(const QList<FieldDecoder> &fields, const QStringList &taken);

/// Returns the names that delegates already use.
QStringList namesTakenInDelegates();

/// Returns the index of the field with the given name of the layout or of QML, with or without the trailing `_`; -1 if
/// no field has it.
qsizetype fieldOfName(const QList<FieldDecoder> &fields, const QString &name);
