// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotdata.h"

#include <QtGui/QColor>
#include <QtGui/QImage>

/// Draws columns into an image.
struct PlotPainter
{
    bool hasBars = false; ///< instead of a line
    double minimum = 0;   ///< at the lower edge, also if it is the greater one
    double maximum = 1;
    double lineWidth = 1; ///< in the image's pixels
    QColor color;
    QColor fill;

    /// `image` is premultiplied ARGB, at least as wide as there are columns. With fewer columns they are the points of
    /// a line, or bars with room between.
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
    /// Where 0 is, or the edge nearest to it.
    double baseY(int height) const;
    void paintBars(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const;
    void paintColumns(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const;
    void paintLine(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const;
    /// The points where the line between two values, of which the places stand for y, leaves what can be drawn.
    void appendCrossings(QPolygonF *stretch, QPointF from, QPointF to, int height) const;
    void paintStretch(QPainter *painter, QSize size, const QPolygonF &points) const;
};
