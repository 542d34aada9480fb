// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>
#include <cmath>
#include <iterator>

/// A step of 1, 2 or 5 times a power of ten. Multiples of it are exact to the last bit: 3 times 0.1 is the double 0.3.
struct DecimalStep
{
    static constexpr int LeastExponent = -300; // beyond, doubles lose digits
    static constexpr int GreatestExponent = 307;

    int mantissa = 1;
    int exponent = 0;
    bool isFirst = true;

    /// Returns the place before the finest step that is not finer than `finest`, which is positive.
    static DecimalStep from(double finest)
    {
        DecimalStep step;
        const double exponent = std::floor(std::log10(finest));
        step.exponent = static_cast<int>(std::clamp<double>(exponent, LeastExponent, GreatestExponent));
        // Some powers of ten are no doubles.
        while (step.size() < finest * (1 - 1e-9) && step.goOn()) { }
        return step;
    }

    /// Returns the finest step that makes a difference between doubles of a range.
    static double leastAt(double low, double high)
    {
        return std::max(std::ldexp(std::max(std::abs(low), std::abs(high)), -50), 1e-300);
    }

    static double scaled(double number, int exponent)
    {
        return exponent < 0 ? number / power(-exponent) : number * power(exponent);
    }

    double size() const { return scaled(mantissa, exponent); }

    /// Goes to the first step, then to the next coarser one. @returns false at the end of the doubles.
    bool next()
    {
        if (isFirst) {
            isFirst = false;
            return true;
        }
        return goOn();
    }

private:
    static double power(int exponent)
    {
        // Most axes need no others, and the function takes long.
        static constexpr double Powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
        return exponent < static_cast<int>(std::size(Powers)) ? Powers[exponent] : std::pow(10.0, exponent);
    }

    bool goOn()
    {
        if (mantissa < 5) {
            mantissa = mantissa == 1 ? 2 : 5;
            return true;
        }
        if (exponent >= GreatestExponent)
            return false;
        mantissa = 1;
        ++exponent;
        return true;
    }
};
