// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotshapes.h"

#include <optional>

class PlotView;
class SharedPlot;

/// The cursor of a plot: a vertical line, with a mark on each series. It stays at its place on the screen while data move on,
/// or at an x that the application has set.
class PlotCursor final : public PlotShapesItem
{
    Q_OBJECT

public:
    PlotCursor(SharedPlot *plot, PlotView *view);

    bool isShown() const { return m_isShown; }
    /// Returns the x of the line, in numbers of the view; NaN while no line is shown.
    double x() const;
    /// Shows the line at a place of the plot, within the area of the data.
    void showAt(double pixel);
    /// Shows the line at an x.
    void showAtX(double x);
    /// Shows the line where it was last, or in the middle.
    void show();
    void hide();
    /// The colour of the line.
    void setColor(const QColor &color);

Q_SIGNALS:
    /// Emitted when the line appears or disappears.
    void shownChanged();
    /// Emitted when x() may have another value.
    void moved();
    /// Emitted once for each frame of the screen in which numbers at the cursor, or the newest ones, may have changed.
    void valuesChanged();

protected:
    void updatePolish() override;

private:
    void follow();
    void setShown(bool isShown);

    SharedPlot *const m_plot;
    PlotView *const m_view;
    QColor m_color;
    bool m_isShown = false;
    // At most one of them; without both, the line is in the middle, wherever that will be.
    std::optional<double> m_pixel;
    std::optional<double> m_x;
};
