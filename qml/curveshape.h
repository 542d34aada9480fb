// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotcurve.h"

#include <QtCore/QRect>
#include <QtGui/QPolygonF>

#include <algorithm>
#include <vector>

/// How a curve is drawn, besides its colours.
struct CurveStyle
{
    bool hasBars = false;
    bool isFilled = false;
    double minimum = 0; ///< number at the lower edge; may be greater than maximum
    double maximum = 1;
    double lineWidth = 1; ///< in pixels
    int height = 0;       ///< of the picture, in pixels

    bool operator==(const CurveStyle &) const = default;
};

/// The shapes of a curve, in pixels from the upper left corner: the same with and without a graphics processor.
class CurveShape
{
public:
    CurveShape(const PlotCurve &curve, const CurveStyle &style);

    /// Rectangles of whole pixels.
    struct Rects
    {
        std::vector<QRect> marks; ///< the line, or bars
        std::vector<QRect> areas; ///< between line and base
    };
    /// Lines that connect points, each without a gap; a lone point is one of one point.
    struct Lines
    {
        std::vector<QPolygonF> lines;
        double base; ///< y of the lower edge of the areas
    };

    /// Returns the size of a lone point: large enough to be found.
    static double dotSize(double lineWidth) { return std::max(lineWidth, 1.0) + 2; }

    /// Returns the rectangles of a curve of columns, of those from `from` to before `to`.
    Rects columns(qint64 from, qint64 to) const;
    /// Returns how many columns before a changed one may change with it.
    qint64 reach(qint64 column) const;
    /// Returns the bars of a curve of points.
    Rects bars() const;
    /// Returns the lines of a curve of points.
    Lines lines() const;

private:
    struct Span
    {
        double top;
        double bottom;
    };
    /// Returns the columns of a range with those between filled that have no element.
    std::vector<PlotColumn> connected(qint64 from, qint64 to) const;
    double toPlace(double value) const;
    double placeToY(double place) const;
    double toY(double value) const { return placeToY(toPlace(value)); }
    Span toSpan(double low, double high) const;
    QRect barRect(int left, int right, const PlotColumn &column) const;
    void appendCrossings(QPolygonF *line, QPointF from, QPointF to) const;

    const PlotCurve &m_curve;
    const CurveStyle &m_style;
    double m_base; ///< y of 0, or of the edge nearest to 0
};
