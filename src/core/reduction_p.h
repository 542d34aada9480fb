// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <cstddef>
#include <limits>

/// Statistics of many numbers.
struct Reduction
{
    double minimum = std::numeric_limits<double>::quiet_NaN(); ///< NaN without numbers
    double maximum = std::numeric_limits<double>::quiet_NaN(); ///< NaN without numbers
    double sum = 0;
    qsizetype count = 0; ///< numbers that are not NaN
};

/// Reduces one field, with all items of an array, over `count` elements. Ignores NaN. A text field has no numbers.
SHAREDSEGMENT_EXPORT Reduction reduce(const SharedLayout::Field &field, const std::byte *elements,
                                      qsizetype elementSize, qsizetype count);

/// Computes only minimum and maximum. Ignores NaN and infinities, since a plot cannot draw them.
SHAREDSEGMENT_EXPORT Reduction extent(const SharedLayout::Field &field, const std::byte *elements,
                                      qsizetype elementSize, qsizetype count);

/// Stores the numbers of one field of `count` elements as `double`. Of an array field, `lows` and `highs` get the least and
/// the greatest item that is not NaN; otherwise `highs` is not used. A text field stores nothing.
SHAREDSEGMENT_EXPORT void toNumbers(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize,
                                    qsizetype count, double *lows, double *highs);
