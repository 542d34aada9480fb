// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "axeslayout.h"
#include "plotshapes.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QMarginsF>

#include <optional>

class PlotView;
class SharedPlot;

/// The axes and the grid of a plot: follows its view, and asks for the space beside the data that its texts need.
class PlotAxes final : public PlotShapesItem
{
    Q_OBJECT

public:
    PlotAxes(SharedPlot *plot, PlotView *view);

    /// The space that the axes take.
    QMarginsF margins() const { return m_margins; }

    bool hasAxes() const { return m_hasAxes; }
    void setHasAxes(bool hasAxes);
    bool hasGrid() const { return m_hasGrid; }
    void setHasGrid(bool hasGrid);
    /// Titles that were set; otherwise from the scale and from the series.
    QString xTitle() const;
    void setXTitle(const std::optional<QString> &title);
    QString yTitle() const;
    void setYTitle(const std::optional<QString> &title);
    /// Colours that were set; otherwise those of the palette.
    QColor textColor() const;
    void setTextColor(const std::optional<QColor> &color);
    QColor gridColor() const;
    void setGridColor(const std::optional<QColor> &color);
    QFont font() const { return m_axesFont; }
    void setAxesFont(const QFont &font);

    /// Returns an x of the view as the application sees it: an index, seconds, or ms since 1970 UTC.
    static double toPublic(const PlotView &view, double x);
    static double fromPublic(const PlotView &view, double x);

Q_SIGNALS:
    /// Emitted when margins() has another value.
    void marginsChanged();
    /// Emitted when a title may be another one.
    void titlesChanged();
    /// Emitted when a colour may be another one.
    void colorsChanged();

protected:
    void updatePolish() override;

private Q_SLOTS:
    void followPalette();

private:
    /// A margin that grows at once, and shrinks when less was enough for a while: numbers that change do not move the data.
    class LazyMargin
    {
    public:
        double adapt(double needed);

    private:
        double m_value = 0;
        QElapsedTimer m_sinceNeeded;
    };

    void redraw();
    void resetMargins();
    void followSeries(QObject *series);
    AxesLayout layout() const;

    SharedPlot *const m_plot;
    PlotView *const m_view;
    PlotShapesItem *const m_grid;
    QMarginsF m_margins;
    LazyMargin m_left;
    LazyMargin m_right;
    bool m_isPlacing = false;
    std::optional<QString> m_xTitle;
    std::optional<QString> m_yTitle;
    std::optional<QColor> m_textColor;
    std::optional<QColor> m_gridColor;
    QFont m_axesFont; // the application's, of which nothing counts as set: QML would warn of a second size
    std::shared_ptr<TextSizes> m_texts; ///< in that font
    bool m_hasAxes = true;
    bool m_hasGrid = true;
};
