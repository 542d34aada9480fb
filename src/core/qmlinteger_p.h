// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QtGlobal>

#include <limits>

/// Conversion between \c qint64 and \c double, the type of whole numbers in QML. Qt 6.4 does not compile the assignment
/// of a literal to a \c qint64 property.
namespace QmlInteger {

/// Truncates to a whole number. NaN becomes 0; a number out of range becomes the nearest limit of \c qint64.
constexpr qint64 fromReal(double number)
{
    using Limits = std::numeric_limits<qint64>;
    constexpr double end = 9223372036854775808.0;
    if (!(number > -end))
        return number == number ? Limits::min() : 0;
    return number < end ? static_cast<qint64>(number) : Limits::max();
}

/// Converts to \c double; exact up to 2^53.
constexpr double toReal(qint64 number)
{
    return static_cast<double>(number);
}

} // namespace QmlInteger
