// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotview_p.h"

#include <algorithm>
#include <cmath>

/// How far a user moves and zooms the range of an axis. A range may be reversed. Pure functions.
struct PlotBounds
{
    double low = 0;   ///< the least number of the data
    double high = 1;  ///< the greatest
    double least = 0; ///< the shortest span
    double most = 1;  ///< the longest span

    /// Returns the bounds for data of a plot that shows `shown` now. Without data (NaN), what is shown counts as data.
    static PlotBounds of(double low, double high, PlotView::Range shown, double least)
    {
        if (!std::isfinite(low) || !std::isfinite(high) || low > high) {
            low = std::min(shown.from, shown.to);
            high = std::max(shown.from, shown.to);
        }
        constexpr double MostOfData = 4;
        // A step of one pixel is many steps of a double.
        constexpr int DoubleSteps = -38;
        const double greatest = std::max({std::abs(low), std::abs(high), std::abs(shown.from), std::abs(shown.to)});
        PlotBounds bounds{low, high, std::max({least, std::ldexp(greatest, DoubleSteps), 1e-290}), 0};
        bounds.most = std::max({(high - low) * MostOfData, std::abs(shown.span()), bounds.least});
        return bounds;
    }

    /// Returns the range with a span `factor` times as long, whose number `fixed` stays where it is.
    PlotView::Range zoomed(PlotView::Range range, double fixed, double factor) const
    {
        const double span = std::abs(range.span());
        if (!std::isfinite(span) || span == 0 || !(factor > 0))
            return range;
        const double next = std::clamp(span * factor, std::min(least, span), std::max(most, span));
        const double exact = next / span;
        return bounded({fixed + (range.from - fixed) * exact, fixed + (range.to - fixed) * exact});
    }

    /// Returns the range moved on by `shift`, as far as it shows a part of the data.
    PlotView::Range moved(PlotView::Range range, double shift) const
    {
        return bounded({range.from + shift, range.to + shift});
    }

private:
    /// Moves a range back until a quarter of it, or all the data, are in it.
    PlotView::Range bounded(PlotView::Range range) const
    {
        const double left = std::min(range.from, range.to);
        const double right = std::max(range.from, range.to);
        const double part = std::min((right - left) / 4, high - low);
        double back = 0;
        if (left > high - part)
            back = high - part - left;
        else if (right < low + part)
            back = low + part - right;
        return {range.from + back, range.to + back};
    }
};
