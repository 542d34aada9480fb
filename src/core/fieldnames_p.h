// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fielddecoder.h"

#include <QtCore/QStringList>

/// Returns the names of fields as identifiers, for roles, properties and arguments alike. A dot becomes `_`. An empty name
/// becomes `value`. A name that is in `taken` or not unique gets a trailing `_`.
SHAREDSEGMENT_EXPORT QStringList fieldNames(const QList<FieldDecoder> &fields, const QStringList &taken);

/// Returns the names that delegates already use.
SHAREDSEGMENT_EXPORT QStringList namesTakenInDelegates();

/// Returns the index of the field with the given name, of the layout or from fieldNames(), with or without the trailing
/// `_`; -1 if no field has it.
SHAREDSEGMENT_EXPORT qsizetype fieldOfName(const QList<FieldDecoder> &fields, const QString &name);
