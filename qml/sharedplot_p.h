// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedplot.h"

#include "plotcurve.h"
#include "plotview_p.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QList>
#include <QtCore/QMarginsF>

class PlotAxes;
class PlotCursor;
class PlotInput;
class PlotLegend;

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
    /// Reads what is new in all series, lets the ranges follow it, and reduces the series to what is in view.
    void follow();
    /// Sets the range of y to the extent of the numbers in view, or as the properties tell.
    void followY();

    SharedPlot *const q;
    PlotView m_view;
    QList<SharedSeries *> m_series;
    QBasicTimer m_timer; ///< while time moves the plot on
    double m_minimum = 0;
    double m_maximum = 1;
    bool m_autoScale = true;

    // Children of the plot: axes, grid, cursor, and what the user does.
    void addAxes();
    void tellRange();

    PlotAxes *m_axes = nullptr;
    PlotCursor *m_cursor = nullptr;
    PlotInput *m_input = nullptr;
    PlotLegend *m_legend = nullptr;
    PlotView::Range m_toldRange{0, 1}; // as the application sees it
    double m_toldCursorX = 0;
    bool m_toldFollowing = true;

private:
    /// Returns the columns of pixels that the plot has now, and sets the range of x.
    PlotWindow followX(const QList<SharedSeries *> &series);
    PlotColumn yRange() const;
    void scroll(const PlotWindow &window);
    double pixelRatio() const;

    PlotWindow m_window; ///< of the last frame
    bool m_isFollowing = false;
};
