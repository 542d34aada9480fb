// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QtGlobal>

#include <cmath>
#include <limits>
#include <vector>

/// The least and the greatest of the numbers of one column of pixels; both NaN if it has none.
struct PlotColumn
{
    double low = std::numeric_limits<double>::quiet_NaN();
    double high = std::numeric_limits<double>::quiet_NaN();
    bool isBroken = false; ///< the line does not come from the left: elements were lost, or are no numbers

    bool isEmpty() const { return std::isnan(low); }
    /// Takes the numbers of another column in.
    void add(double least, double greatest)
    {
        low = std::fmin(low, least);
        high = std::fmax(high, greatest);
    }
};

/// A column of its own for one element, at any x.
struct PlotPoint : PlotColumn
{
    double x = 0;
};

/// The columns of pixels in view: column `i` has x from `origin + (first + i) * width` on. A view that scrolls keeps `origin`
/// and `width`, so that the edges of its columns stay where they are.
struct PlotWindow
{
    double origin = 0;
    qint64 first = 0;
    double width = 1;
    int columns = 0;

    double edge(qint64 column) const { return origin + static_cast<double>(first + column) * width; }
    double from() const { return edge(0); }
    double to() const { return edge(columns); }
    /// Returns the place of an x in columns from the left edge.
    double place(double x) const { return (x - origin) / width - static_cast<double>(first); }
    bool hasSameColumns(const PlotWindow &other) const { return origin == other.origin && width == other.width; }
    bool operator==(const PlotWindow &) const = default;
};

/// What a series shows: a number of columns of pixels, or fewer points.
struct PlotCurve
{
    PlotWindow window;
    std::vector<PlotColumn> columns; ///< one for each of the window, unless there are points
    std::vector<PlotPoint> points;   ///< with increasing x, and one beyond each edge
    bool hasPoints = false;
    double pointWidth = 1; ///< the space of each point, in x: for bars
    qint64 changedFrom =
        0; ///< number of the first column that may be another one than in the curve before; at most window.first + columns

    void clear()
    {
        columns.clear();
        points.clear();
        hasPoints = false;
        changedFrom = std::numeric_limits<qint64>::min();
    }
    bool isEmpty() const { return hasPoints ? points.empty() : columns.empty(); }
    /// Returns the least and the greatest number in view.
    PlotColumn extent() const
    {
        PlotColumn all;
        for (const PlotColumn &column : columns)
            all.add(column.low, column.high);
        for (const PlotPoint &point : points) {
            // Rounding leaves the last point beside the edge.
            const double place = window.place(point.x);
            if (place > -1e-6 && place < window.columns + 1e-6)
                all.add(point.low, point.high);
        }
        return all;
    }
};
