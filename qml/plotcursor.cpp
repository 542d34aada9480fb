// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotcursor.h"

#include "plotview_p.h"
#include "sharedplot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace {

constexpr double AboveData = 1; // z
constexpr double MarkSize = 7;  // pixels
constexpr double MarkBorder = 1;

} // namespace

PlotCursor::PlotCursor(SharedPlot *plot, PlotView *view)
    : PlotShapesItem(plot)
    , m_plot(plot)
    , m_view(view)
{
    setZ(AboveData);
    connect(view, &PlotView::changed, this, &PlotCursor::follow);
    connect(plot, &SharedPlot::seriesAdded, this, [this](SharedSeries *series) {
        connect(series, &SharedSeries::revisionChanged, this, &QQuickItem::polish);
        connect(series, &SharedSeries::colorChanged, this, &QQuickItem::polish);
        connect(series, &QQuickItem::visibleChanged, this, &QQuickItem::polish);
        polish();
    });
    connect(plot, &SharedPlot::seriesRemoved, this, [this](SharedSeries *series) {
        series->disconnect(this);
        polish();
    });
}

void PlotCursor::follow()
{
    polish();
    if (m_isShown)
        Q_EMIT moved();
}

double PlotCursor::x() const
{
    if (!m_isShown)
        return std::numeric_limits<double>::quiet_NaN();
    return m_x ? *m_x : m_view->fromPixelX(m_pixel.value_or(m_view->plotArea().center().x()));
}

void PlotCursor::setShown(bool isShown)
{
    polish();
    if (std::exchange(m_isShown, isShown) != isShown)
        Q_EMIT shownChanged();
    Q_EMIT moved();
}

void PlotCursor::showAt(double pixel)
{
    const QRectF area = m_view->plotArea();
    m_pixel = std::clamp(pixel, area.left(), std::max(area.left(), area.right()));
    m_x.reset();
    setShown(true);
}

void PlotCursor::showAtX(double x)
{
    m_x = x;
    m_pixel.reset();
    setShown(true);
}

void PlotCursor::show()
{
    setShown(true);
}

void PlotCursor::hide()
{
    if (m_isShown)
        setShown(false);
}

void PlotCursor::setColor(const QColor &color)
{
    m_color = color;
    polish();
}

void PlotCursor::updatePolish()
{
    PlotShapes shapes;
    const QRectF area = m_view->plotArea();
    const double pixel = m_isShown ? m_view->toPixelX(x()) : -1;
    if (m_isShown && pixel >= area.left() && pixel <= area.right() && !area.isEmpty()) {
        shapes.rectangles.append({QRectF(pixel, area.top(), 1, area.height()), m_color});
        for (const SharedSeries *series : m_plot->series()) {
            const std::optional<QPointF> point = series->isVisible() ? series->valueNear(x()) : std::nullopt;
            if (!point)
                continue;
            const QPointF place(m_view->toPixelX(point->x()), m_view->toPixelY(point->y()));
            if (!area.contains(place))
                continue;
            // A border of the line's colour, so that the mark is seen on its own series.
            const QPointF corner = place - QPointF(MarkSize, MarkSize) / 2;
            const QRectF mark(corner, QSizeF(MarkSize, MarkSize));
            shapes.rectangles.append({mark, m_color});
            shapes.rectangles.append(
                {mark.adjusted(MarkBorder, MarkBorder, -MarkBorder, -MarkBorder), series->color()});
        }
    }
    setShapes(shapes);
    Q_EMIT valuesChanged();
}
