// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The properties of a SharedSeries.

#include "sharedseries.h"

#include "../src/core/qmlinteger_p.h"
#include "sharedseries_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace {

/// Returns a rate or a time as it counts.
double positive(double number)
{
    return std::isfinite(number) ? std::max(number, 0.0) : 0.0;
}

} // namespace

SharedSeriesPrivate::SharedSeriesPrivate(SharedSeries *series)
    : q(series)
{
}

void SharedSeriesPrivate::redraw() const
{
    if (SharedPlot *const to = plot())
        to->polish();
}

void SharedSeriesPrivate::invalidate()
{
    redraw();
}

SharedSeries::SharedSeries(QQuickItem *parent)
    : QQuickItem(parent)
    , d(std::make_unique<SharedSeriesPrivate>(this))
{
    setFlag(ItemHasContents);
    setClip(true);
}

SharedSeries::~SharedSeries() = default;

QSGNode *SharedSeries::updatePaintNode(QSGNode *node, UpdatePaintNodeData *data)
{
    return QQuickItem::updatePaintNode(node, data);
}

void SharedSeries::geometryChange(const QRectF &newGeometry, const QRectF &oldGeometry)
{
    QQuickItem::geometryChange(newGeometry, oldGeometry);
}

void SharedSeries::itemChange(ItemChange change, const ItemChangeData &value)
{
    QQuickItem::itemChange(change, value);
}

void SharedSeries::componentComplete()
{
    QQuickItem::componentComplete();
}

SharedSegment *SharedSeries::segment() const
{
    return d->m_segment;
}

void SharedSeries::setSegment(SharedSegment *segment)
{
    if (d->m_segment == segment)
        return;
    d->m_segment = segment;
    d->invalidate();
    Q_EMIT segmentChanged();
}

QString SharedSeries::field() const
{
    return d->m_field;
}

void SharedSeries::setField(const QString &field)
{
    if (std::exchange(d->m_field, field) == field)
        return;
    d->invalidate();
    Q_EMIT fieldChanged();
}

qint64 SharedSeries::first() const
{
    return d->m_first;
}

void SharedSeries::setFirst(qint64 first)
{
    first = std::max<qint64>(first, 0);
    if (std::exchange(d->m_first, first) == first)
        return;
    d->invalidate();
    Q_EMIT firstChanged();
}

qint64 SharedSeries::count() const
{
    return d->m_count;
}

void SharedSeries::setCount(qint64 count)
{
    count = std::max<qint64>(count, -1);
    if (std::exchange(d->m_count, count) == count)
        return;
    d->invalidate();
    Q_EMIT countChanged();
}

SharedSeries::Style SharedSeries::style() const
{
    return d->m_style;
}

void SharedSeries::setStyle(Style style)
{
    if (std::exchange(d->m_style, style) == style)
        return;
    d->redraw();
    Q_EMIT styleChanged();
}

QColor SharedSeries::color() const
{
    return d->m_color;
}

void SharedSeries::setColor(const QColor &color)
{
    if (std::exchange(d->m_color, color) == color)
        return;
    d->redraw();
    Q_EMIT colorChanged();
}

QColor SharedSeries::fill() const
{
    return d->m_fill;
}

void SharedSeries::setFill(const QColor &fill)
{
    if (std::exchange(d->m_fill, fill) == fill)
        return;
    d->redraw();
    Q_EMIT fillChanged();
}

double SharedSeries::lineWidth() const
{
    return d->m_lineWidth;
}

void SharedSeries::setLineWidth(double lineWidth)
{
    lineWidth = std::isfinite(lineWidth) ? std::clamp(lineWidth, 0.0, 1000.0) : 1.0;
    if (std::exchange(d->m_lineWidth, lineWidth) == lineWidth)
        return;
    d->redraw();
    Q_EMIT lineWidthChanged();
}

QString SharedSeries::label() const
{
    return d->m_label ? *d->m_label : d->m_field;
}

void SharedSeries::setLabel(const QString &label)
{
    d->set(&d->m_label, std::optional(label), &SharedSeries::label, &SharedSeries::labelChanged);
}

void SharedSeries::resetLabel()
{
    d->set(&d->m_label, {}, &SharedSeries::label, &SharedSeries::labelChanged);
}

QString SharedSeries::unit() const
{
    return d->m_unit ? *d->m_unit : QString();
}

void SharedSeries::setUnit(const QString &unit)
{
    d->set(&d->m_unit, std::optional(unit), &SharedSeries::unit, &SharedSeries::unitChanged);
}

void SharedSeries::resetUnit()
{
    d->set(&d->m_unit, {}, &SharedSeries::unit, &SharedSeries::unitChanged);
}

double SharedSeries::timeSpan() const
{
    return d->m_timeSpan;
}

void SharedSeries::setTimeSpan(double timeSpan)
{
    timeSpan = positive(timeSpan);
    if (std::exchange(d->m_timeSpan, timeSpan) == timeSpan)
        return;
    d->invalidate();
    Q_EMIT timeSpanChanged();
}

double SharedSeries::sampleRate() const
{
    return d->m_sampleRate ? *d->m_sampleRate : 0;
}

void SharedSeries::setSampleRate(double sampleRate)
{
    d->set(&d->m_sampleRate, std::optional(positive(sampleRate)), &SharedSeries::sampleRate,
           &SharedSeries::sampleRateChanged);
}

void SharedSeries::resetSampleRate()
{
    d->set(&d->m_sampleRate, {}, &SharedSeries::sampleRate, &SharedSeries::sampleRateChanged);
}

QString SharedSeries::timeField() const
{
    return d->m_timeField ? *d->m_timeField : QString();
}

void SharedSeries::setTimeField(const QString &timeField)
{
    d->set(&d->m_timeField, std::optional(timeField), &SharedSeries::timeField, &SharedSeries::timeFieldChanged);
}

void SharedSeries::resetTimeField()
{
    d->set(&d->m_timeField, {}, &SharedSeries::timeField, &SharedSeries::timeFieldChanged);
}

double SharedSeries::maximumRate() const
{
    return d->m_maximumRate;
}

void SharedSeries::setMaximumRate(double maximumRate)
{
    maximumRate = positive(maximumRate);
    if (std::exchange(d->m_maximumRate, maximumRate) == maximumRate)
        return;
    d->invalidate();
    Q_EMIT maximumRateChanged();
}

bool SharedSeries::isPaused() const
{
    return d->m_isPaused;
}

void SharedSeries::setPaused(bool paused)
{
    if (std::exchange(d->m_isPaused, paused) == paused)
        return;
    d->invalidate();
    Q_EMIT pausedChanged();
}

quint64 SharedSeries::revision() const
{
    return d->m_revision;
}

SharedSeries::DataRange SharedSeries::dataRange() const
{
    constexpr double None = std::numeric_limits<double>::quiet_NaN();
    return {None, None, None, None};
}

std::optional<QPointF> SharedSeries::valueNear(double x) const
{
    Q_UNUSED(x)
    return std::nullopt;
}

quint64 SharedSeries::readCount() const
{
    return d->m_readCount;
}

void SharedSeries::setFirstReal(double first)
{
    setFirst(QmlInteger::fromReal(first));
}

void SharedSeries::setCountReal(double count)
{
    setCount(QmlInteger::fromReal(count));
}
