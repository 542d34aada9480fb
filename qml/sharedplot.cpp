// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedplot.h"

#include "sharedplot_p.h"
#include "sharedseries_p.h"

#include <QtCore/QTimerEvent>

#include <cmath>
#include <utility>

SharedPlot::SharedPlot(QQuickItem *parent)
    : QQuickItem(parent)
    , d(std::make_unique<SharedPlotPrivate>(this))
{
    d->addAxes();
}

SharedPlot::~SharedPlot()
{
    // The children go after `d`.
    for (SharedSeries *series : std::exchange(d->m_series, {}))
        series->setParentItem(nullptr);
}

QList<SharedSeries *> SharedPlot::series() const
{
    return d->m_series;
}

QQmlListProperty<SharedSeries> SharedPlot::seriesList()
{
    using List = QQmlListProperty<SharedSeries>;
    return List(
        this, nullptr, [](List *list) { return static_cast<SharedPlot *>(list->object)->d->m_series.size(); },
        [](List *list, qsizetype at) { return static_cast<SharedPlot *>(list->object)->d->m_series.value(at); });
}

double SharedPlot::minimum() const
{
    return d->m_minimum;
}

void SharedPlot::setMinimum(double minimum)
{
    if (!std::isfinite(minimum) || std::exchange(d->m_minimum, minimum) == minimum)
        return;
    d->followY();
    Q_EMIT minimumChanged();
}

double SharedPlot::maximum() const
{
    return d->m_maximum;
}

void SharedPlot::setMaximum(double maximum)
{
    if (!std::isfinite(maximum) || std::exchange(d->m_maximum, maximum) == maximum)
        return;
    d->followY();
    Q_EMIT maximumChanged();
}

bool SharedPlot::autoScale() const
{
    return d->m_autoScale;
}

void SharedPlot::setAutoScale(bool autoScale)
{
    if (std::exchange(d->m_autoScale, autoScale) == autoScale)
        return;
    d->followY();
    Q_EMIT autoScaleChanged();
}

void SharedPlot::geometryChange(const QRectF &newGeometry, const QRectF &oldGeometry)
{
    QQuickItem::geometryChange(newGeometry, oldGeometry);
    if (newGeometry.size() != oldGeometry.size())
        d->layOut();
}

void SharedPlot::itemChange(ItemChange change, const ItemChangeData &value)
{
    QQuickItem::itemChange(change, value);
    if (change == ItemChildAddedChange) {
        if (auto *const series = qobject_cast<SharedSeries *>(value.item))
            d->addSeries(series);
    } else if (change == ItemDevicePixelRatioHasChanged || change == ItemSceneChange
               || (change == ItemVisibleHasChanged && value.boolValue)) {
        polish();
    } else if (change == ItemChildRemovedChange) {
        // A child that is being destroyed is no SharedSeries any more.
        if (auto *const series = qobject_cast<SharedSeries *>(value.item))
            SharedSeriesPrivate::of(series)->m_host = {};
        for (SharedSeries *series : std::as_const(d->m_series)) {
            if (static_cast<QQuickItem *>(series) == value.item) {
                d->removeSeries(series);
                break;
            }
        }
    }
}

void SharedPlot::updatePolish()
{
    d->follow();
}

void SharedPlot::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != d->m_timer.timerId()) {
        QQuickItem::timerEvent(event);
        return;
    }
    d->m_timer.stop();
    polish();
}
