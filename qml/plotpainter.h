// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotdata.h"

#include <QtGui/QColor>
#include <QtGui/QImage>

/// Draws the columns of a plot into an image.
struct PlotPainter
{
    bool hasBars = false; ///< bars instead of a line
    double minimum = 0;   ///< number at the lower edge; may be greater than maximum
    double maximum = 1;
    double lineWidth = 1; ///< in pixels of the image
    QColor color;
    QColor fill;

    /// Paints into a premultiplied ARGB image that has at least one pixel of width per column. If there are fewer
    /// columns than pixels, the columns are points of a line, or bars with gaps.
    void paint(QImage *image, const std::vector<PlotData::Column> &columns) const;

private:
    struct Span
    {
        double top;
        double bottom;
    };

    double toPlace(double value) const;
    double placeToY(double place, int height) const;
    double toY(double value, int height) const;
    Span toSpan(const PlotData::Column &column, int height) const;
    /// Returns the y of 0, or of the edge nearest to 0.
    double baseY(int height) const;
    void paintBars(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const;
    void paintColumns(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const;
    void paintLine(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const;
    /// Appends the points where the line between two values leaves the drawable range. The y of `from` and `to` is a
    /// place.
    void appendCrossings(QPolygonF *stretch, QPointF from, QPointF to, int height) const;
    void paintStretch(QPainter *painter, QSize size, const QPolygonF &points) const;
};
