// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QtGlobal>

#include <limits>

/// Whole numbers as QML has them: as \c double, for a literal cannot be assigned to a \c qint64 property (Qt 6.4 does
/// not compile it).
namespace QmlInteger {

/// Without its fraction; NaN is 0, and what is too great is the greatest there is.
constexpr qint64 fromReal(double number)
{
    using Limits = std::numeric_limits<qint64>;
    constexpr double end = 9223372036854775808.0;
    if (!(number > -end))
        return number == number ? Limits::min() : 0;
    return number < end ? static_cast<qint64>(number) : Limits::max();
}

constexpr double toReal(qint64 number)
{
    return static_cast<double>(number);
}

} // namespace QmlInteger
