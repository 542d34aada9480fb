// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// How a SharedPlot lays its series out, and follows their data.

#include "sharedplot_p.h"

#include "../src/core/userinterface_p.h"
#include "sharedseries_p.h"

#include <QtCore/QMetaMethod>
#include <QtCore/QScopedValueRollback>
#include <QtQuick/QQuickWindow>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace {

// Textures of more pixels may fail, and screens are smaller.
constexpr double MostPixels = 16384;
// The longest time between two steps of a plot that scrolls slowly, in ms.
constexpr double LongestStep = 60'000;
// The shortest one while nothing but the time below the axis moves.
constexpr double EmptyStep = 1000;
// The least part of a column that is seen.
constexpr double LeastShift = 1e-3;

} // namespace

SharedPlotPrivate::SharedPlotPrivate(SharedPlot *plot)
    : q(plot)
{
    QObject::connect(&m_view, &PlotView::changed, q, [this] {
        if (!m_isFollowing)
            q->polish();
    });
}

void SharedPlotPrivate::layOut()
{
    QRectF area = QRectF(QPointF(), q->size()).marginsRemoved(margins());
    if (!area.isValid())
        area = QRectF(area.topLeft(), QSizeF(0, 0));
    m_view.setPlotArea(area);
    for (SharedSeries *series : std::as_const(m_series)) {
        series->setPosition(area.topLeft());
        series->setSize(area.size());
    }
    q->polish();
}

void SharedPlotPrivate::addSeries(SharedSeries *series)
{
    m_series.append(series);
    SharedSeriesPrivate::of(series)->m_host = {[this] { q->polish(); }, [this] { followY(); }};
    layOut();
    Q_EMIT q->seriesAdded(series);
    Q_EMIT q->seriesChanged();
}

void SharedPlotPrivate::removeSeries(SharedSeries *series)
{
    if (m_series.removeAll(series) == 0)
        return;
    q->polish();
    Q_EMIT q->seriesRemoved(series);
    Q_EMIT q->seriesChanged();
}

double SharedPlotPrivate::pixelRatio() const
{
    return q->window() ? q->window()->effectiveDevicePixelRatio() : 1;
}

void SharedPlotPrivate::follow()
{
    const QScopedValueRollback guard(m_isFollowing, true);
    QList<SharedSeries *> shown;
    // Without data, it stays what it was: the user may hold a range of it.
    std::optional<PlotView::Scale> scale;
    for (SharedSeries *series : std::as_const(m_series)) {
        auto *const d = SharedSeriesPrivate::of(series);
        d->take(m_view);
        if (d->m_data && series->isVisible())
            scale = std::max(scale.value_or(PlotView::Scale::Index), d->m_data->scale());
    }
    if (scale)
        m_view.setScale(*scale);
    for (SharedSeries *series : std::as_const(m_series)) {
        auto *const d = SharedSeriesPrivate::of(series);
        const bool isOther = d->m_data && series->isVisible() && d->m_data->scale() != m_view.scale();
        if (isOther)
            d->warnOfScale();
        if (isOther || !series->isVisible())
            d->hide();
        else
            shown.append(series);
    }
    m_window = followX(shown);
    const PlotWindow &window = m_window;
    bool isDone = true;
    for (SharedSeries *series : std::as_const(shown))
        isDone = SharedSeriesPrivate::of(series)->reduce(window) && isDone;
    followY();
    const double ratio = pixelRatio();
    const auto height = static_cast<int>(std::clamp(std::round(m_view.plotArea().height() * ratio), 0.0, MostPixels));
    for (SharedSeries *series : std::as_const(m_series)) {
        CurvePen &pen = SharedSeriesPrivate::of(series)->m_pen;
        pen.style.minimum = m_view.yRange().from;
        pen.style.maximum = m_view.yRange().to;
        pen.style.height = height;
        pen.scale = window.columns > 0 ? m_view.plotArea().width() / window.columns : 1;
        pen.isMirrored = m_view.xRange().isReversed();
    }
    scroll(window);
    // Queued, since polish() inside updatePolish() makes a polish loop.
    if (!isDone)
        QMetaObject::invokeMethod(
            q, [this] { q->polish(); }, Qt::QueuedConnection);
}

PlotWindow SharedPlotPrivate::followX(const QList<SharedSeries *> &series)
{
    PlotView::Range all{std::nan(""), std::nan("")};
    double timeSpan = 0;
    double present = std::nan("");
    for (SharedSeries *one : series) {
        auto *const d = SharedSeriesPrivate::of(one);
        const PlotView::Range range = d->xRange(m_view);
        if (d->m_data && d->m_data->followsTime()) {
            timeSpan = std::max(timeSpan, d->m_timeSpan);
            present = std::fmax(present, range.to);
        } else {
            all = {std::fmin(all.from, range.from), std::fmax(all.to, range.to)};
        }
    }
    // Each series has a present of its own. Of all of them the plot shows one span, so that the columns stay the same.
    all = {std::fmin(all.from, present - timeSpan), std::fmax(all.to, present)};
    PlotWindow window;
    window.columns =
        static_cast<int>(std::clamp(std::round(m_view.plotArea().width() * pixelRatio()), 0.0, MostPixels));
    if (window.columns < 1)
        return window;
    const bool isAllInSpan = timeSpan > 0 && all.to - all.from <= timeSpan * (1 + 1e-9);
    if (m_view.followsX() && isAllInSpan) {
        window.width = timeSpan / window.columns;
        window.first = static_cast<qint64>(std::ceil(all.to / window.width)) - window.columns;
        m_view.followX({window.from(), window.to()});
        return window;
    }
    m_view.followX(all);
    const PlotView::Range range = m_view.xRange();
    window.origin = std::min(range.from, range.to);
    window.width = std::abs(range.span()) / window.columns;
    // Moved on by whole columns, as another plot does that scrolls, it keeps them.
    const double shift = m_window.place(window.from());
    if (window.columns == m_window.columns && std::abs(shift - std::round(shift)) < LeastShift
        && std::abs(m_window.place(window.to()) - window.columns - shift) < LeastShift && std::abs(shift) < 1e9) {
        const auto columns = static_cast<qint64>(std::round(shift));
        window = m_window;
        window.first += columns;
    }
    // Numbers that a `double` cannot tell apart have no columns.
    if (!(window.edge(1) > window.from()) || !std::isfinite(window.width))
        window.columns = 0;
    return window;
}

PlotColumn SharedPlotPrivate::yRange() const
{
    PlotColumn extent;
    for (SharedSeries *series : std::as_const(m_series)) {
        const PlotColumn own = SharedSeriesPrivate::of(series)->yRange();
        extent.add(own.low, own.high);
    }
    if (extent.isEmpty() || extent.low < extent.high)
        return extent;
    // A constant is drawn in the middle.
    const double space = std::max(std::abs(extent.low) * 0.1, 0.5);
    PlotColumn wider = extent;
    wider.add(extent.low - space, extent.high + space);
    return std::isfinite(wider.low) && std::isfinite(wider.high) ? wider : extent;
}

void SharedPlotPrivate::followY()
{
    const PlotColumn range = m_autoScale ? yRange() : PlotColumn();
    if (!range.isEmpty()) {
        if (std::exchange(m_minimum, range.low) != range.low)
            Q_EMIT q->minimumChanged();
        if (std::exchange(m_maximum, range.high) != range.high)
            Q_EMIT q->maximumChanged();
    }
    m_view.followY({m_minimum, m_maximum});
}

void SharedPlotPrivate::scroll(const PlotWindow &window)
{
    m_timer.stop();
    bool isScrolling = false;
    // Other plots may follow the range.
    bool isSeen = m_view.followsX() && q->isSignalConnected(QMetaMethod::fromSignal(&SharedPlot::xMaximumChanged));
    for (SharedSeries *series : std::as_const(m_series)) {
        const SeriesData *const data = SharedSeriesPrivate::of(series)->m_data.get();
        isScrolling = isScrolling || (data && data->isScrolling());
        isSeen = isSeen || (data && data->isScrolling() && data->isInView(window));
    }
    if (!isScrolling || !q->isVisible() || (!isSeen && !m_view.followsX()))
        return;
    const double least = isSeen ? 1000.0 / UserInterface::screenRate() : EmptyStep;
    m_timer.start(static_cast<int>(std::clamp(std::ceil(window.width * 1000), least, LongestStep)), Qt::PreciseTimer,
                  q);
}
