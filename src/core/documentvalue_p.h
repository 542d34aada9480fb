// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QCborValue>
#include <QtCore/QString>
#include <QtCore/QVariant>

#include <optional>

/// The value of a document as a QVariant.
namespace DocumentValue {

/// Converts what a program or a script assigns. @returns nothing if a document cannot hold it; then `why` says what is
/// wrong, and in which member.
SHAREDSEGMENT_EXPORT std::optional<QCborValue> fromVariant(const QVariant &value, QString *why);

/// Converts to null (a std::nullptr_t), bool, qint64, double, QString, QByteArray, QDateTime, QVariantList and QVariantMap.
/// Undefined is invalid. A tag that is none of a date becomes the value that it tags, and a large integer (tags 2 and 3) the
/// nearest double.
SHAREDSEGMENT_EXPORT QVariant toVariant(const QCborValue &value);

/// Returns `value` without tags, as toVariant() takes it.
SHAREDSEGMENT_EXPORT QCborValue untagged(const QCborValue &value);

/// Returns the key of a member as text: of a number its digits, of anything else diagnostic notation.
SHAREDSEGMENT_EXPORT QString memberName(const QCborValue &key);

} // namespace DocumentValue
