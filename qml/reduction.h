// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedLayout>

#include <cstddef>
#include <limits>

/// What is left of many numbers.
struct Reduction
{
    double minimum = std::numeric_limits<double>::quiet_NaN(); ///< NaN if there is none
    double maximum = std::numeric_limits<double>::quiet_NaN(); ///< NaN if there is none
    double sum = 0;
    qsizetype count = 0; ///< of the numbers that are not NaN
};

/// Of one field (all items of an array) in `count` elements, NaN left out. Text has no numbers.
Reduction reduce(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize, qsizetype count);

/// Only minimum and maximum, with infinities left out as well: what can be drawn.
Reduction extent(const SharedLayout::Field &field, const std::byte *elements, qsizetype elementSize, qsizetype count);
