// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "decimalstep.h"

#include <QtCore/QString>

#include <algorithm>
#include <cmath>

/// The power of ten that numbers of a plot have in common: those from a million on, and those below a thousandth, are multiples of
/// one whose exponent is a multiple of three.
///
/// A prefix of the unit would read better for some units and is wrong for others: the unit may have one ("kPa"), and two are not
/// permitted (BIPM, "The International System of Units", 9th edition, 3).
struct DecimalPower
{
    static constexpr double WholeNumbersEnd = 1e6; // six digits are read at a glance
    static constexpr double WholeNumbersBegin = 1e-3;

    int exponent = 0; ///< 0: numbers are written without a power

    /// Returns the power for numbers between `-greatest` and `greatest`.
    static DecimalPower of(double greatest)
    {
        if (!(greatest > 0) || !std::isfinite(greatest)
            || (greatest >= WholeNumbersBegin && greatest < WholeNumbersEnd))
            return {};
        // Beyond, a double has no such power.
        return {3 * std::max(static_cast<int>(std::floor(std::log10(greatest) / 3)), DecimalStep::LeastExponent / 3)};
    }

    /// Returns a number as a multiple of the power.
    double multipleOf(double number) const { return DecimalStep::scaled(number, -exponent); }

    /// Returns what follows the multiple, such as "×10⁻⁶"; empty without a power.
    QString text() const
    {
        if (exponent == 0)
            return QString();
        static constexpr char16_t Digits[] = u"⁰¹²³⁴⁵⁶⁷⁸⁹";
        QString text = QStringLiteral("×10");
        if (exponent < 0)
            text += u'⁻';
        for (const QChar digit : QString::number(std::abs(exponent)))
            text += QChar(Digits[digit.digitValue()]);
        return text;
    }
};
