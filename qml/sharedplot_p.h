// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedplot.h"

#include "plotview_p.h"

#include <QtCore/QList>
#include <QtCore/QMarginsF>

class SharedPlotPrivate
{
public:
    explicit SharedPlotPrivate(SharedPlot *plot);

    static SharedPlotPrivate *of(SharedPlot *plot) { return plot->d.get(); }

    /// Returns the space that axes take beside the data.
    QMarginsF margins() const;
    /// Places the series over the plot area: when the size or margins() change.
    void layOut();
    void addSeries(SharedSeries *series);
    void removeSeries(SharedSeries *series);
    /// Sets the ranges that follow the data to what the series show.
    void follow();

    SharedPlot *const q;
    PlotView m_view;
    QList<SharedSeries *> m_series;
    double m_minimum = 0;
    double m_maximum = 1;
    bool m_autoScale = true;
};
