// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotshapes.h"
#include "plotticks.h"
#include "textsizes.h"

#include <QtCore/QMarginsF>
#include <QtCore/QSizeF>
#include <QtCore/QString>
#include <QtGui/QColor>

#include <memory>

/// Places axes, grid and their texts around the data of a plot. Pure functions of the members.
struct AxesLayout
{
    struct Range
    {
        double from = 0; ///< at the left or lower edge
        double to = 1;
    };

    QSizeF size; ///< of the plot
    std::shared_ptr<TextSizes> texts;
    Range x{};
    Range y{};
    PlotTicks::Kind kind = PlotTicks::Kind::Number; ///< of x
    QString xTitle;
    QString yTitle;
    bool hasAxes = true;
    bool hasGrid = true;
    QColor textColor;
    QColor gridColor;
    QLocale locale{};

    /// Returns the space beside the data that the texts of the ranges need. None if the plot is too small for texts.
    QMarginsF margins() const;
    /// Whether the plot is large enough for texts.
    bool hasSpace() const;

    struct Result
    {
        PlotShapes behind;       ///< the data: the grid
        PlotShapes beside;       ///< the data: lines and texts
        QList<QRectF> textAreas; ///< of the digits of beside.texts
    };
    /// Places all around the data in `area`.
    Result place(const QRectF &area) const;

private:
    PlotTicks xTicks(double length) const;
    PlotTicks yTicks(double length) const;
    void placeX(const QRectF &area, Result *result) const;
    void placeY(const QRectF &area, Result *result) const;
};
