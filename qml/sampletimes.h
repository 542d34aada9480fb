// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/timemetadata.h"
#include "plotview_p.h"
#include "samplestore.h"

/// Times that go back further are those of another clock, in seconds.
inline constexpr double MostStepBack = 1;

/// Sets the x of the samples from `first` to the last one to the times in a field of their elements. An element without a time
/// has the time of the one before.
inline void setTimes(SampleStore *store, quint64 first, const PlotView &view, const TimeMetadata &times,
                     const std::byte *elements, qsizetype elementSize)
{
    double last = first > store->begin() ? store->x(first - 1) : -std::numeric_limits<double>::infinity();
    const quint64 end = store->end();
    for (quint64 number = std::max(first, store->begin()); number < end; ++number) {
        const std::optional<qint64> time = times.time(elements + static_cast<qsizetype>(number - first) * elementSize);
        const double x = time ? view.toX(*time) : last;
        if (x < last - MostStepBack) {
            // The clock was set back: what was before has no place.
            store->keepLast(static_cast<qint64>(end - number));
            last = x;
        }
        // Writers that take turns may be a bit out of order.
        last = std::max(last, x);
        store->setX(number, last);
    }
}
