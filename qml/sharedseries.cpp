// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The properties of a SharedSeries.

#include "sharedseries.h"

#include "../src/core/qmlinteger_p.h"
#include "curvepainter.h"
#include "sharedseries_p.h"

#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGRendererInterface>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace {

/// What is stale is paler than what is live.
constexpr double StaleOpacity = 0.35;

/// Returns a rate or a time as it counts.
double positive(double number)
{
    return std::isfinite(number) ? std::max(number, 0.0) : 0.0;
}

} // namespace

SharedSeries::SharedSeries(QQuickItem *parent)
    : d(std::make_unique<SharedSeriesPrivate>(this))
{
    setFlag(ItemHasContents);
    setClip(true);
    // Not by the base class: a plot takes only complete series for its own.
    setParent(parent);
    setParentItem(parent);
}

SharedSeries::~SharedSeries() = default;

QSGNode *SharedSeries::updatePaintNode(QSGNode *oldNode, UpdatePaintNodeData *)
{
    auto *node = static_cast<QSGOpacityNode *>(oldNode);
    const CurvePen pen = d->pen();
    if (d->m_curve.isEmpty() || pen.style.height <= 0) {
        delete node;
        d->m_curve.changedFrom = std::numeric_limits<qint64>::min();
        return nullptr;
    }
    if (window()->rendererInterface()->graphicsApi() == QSGRendererInterface::Software) {
        if (!node) {
            node = new QSGOpacityNode;
            node->appendChildNode(new CurvePainter(window()));
        }
        static_cast<CurvePainter *>(node->firstChild())->update(d->m_curve, pen);
    } else {
        if (!node)
            node = new CurveNode;
        static_cast<CurveNode *>(node)->update(d->m_curve, pen);
    }
    d->m_curve.changedFrom = std::numeric_limits<qint64>::max();
    const SharedSegment *const shown = d->m_follower.segment();
    node->setOpacity(shown && shown->isStale() ? StaleOpacity : 1);
    return node;
}

void SharedSeries::itemChange(ItemChange change, const ItemChangeData &value)
{
    QQuickItem::itemChange(change, value);
    if (change == ItemVisibleHasChanged)
        d->redraw();
}

void SharedSeries::componentComplete()
{
    QQuickItem::componentComplete();
    d->sync();
}

SharedSegment *SharedSeries::segment() const
{
    return d->m_follower.segment();
}

void SharedSeries::setSegment(SharedSegment *segment)
{
    SharedSegment *const before = d->m_follower.segment();
    if (!d->m_follower.setSegment(segment))
        return;
    if (before)
        disconnect(before, &SharedSegment::staleChanged, this, nullptr);
    if (segment)
        connect(segment, &SharedSegment::staleChanged, this, &QQuickItem::update);
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
    d->sync();
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
    d->sync();
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
    d->sync();
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
    d->m_host.rescale();
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
    return d->m_label ? *d->m_label : d->m_ownLabel;
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
    return d->m_unit ? *d->m_unit : d->m_ownUnit;
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
    d->sync();
    Q_EMIT timeSpanChanged();
}

double SharedSeries::sampleRate() const
{
    return d->m_sampleRate ? *d->m_sampleRate : d->m_ownSampleRate;
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
    return d->m_timeField ? *d->m_timeField : d->m_ownTimeField;
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
    return d->m_follower.maximumRate();
}

void SharedSeries::setMaximumRate(double maximumRate)
{
    if (d->m_follower.setMaximumRate(maximumRate))
        Q_EMIT maximumRateChanged();
}

bool SharedSeries::isPaused() const
{
    return d->m_follower.isPaused();
}

void SharedSeries::setPaused(bool paused)
{
    if (!d->m_follower.setPaused(paused))
        return;
    if (d->m_data)
        d->m_data->setPaused(paused);
    d->redraw();
    Q_EMIT pausedChanged();
}

quint64 SharedSeries::revision() const
{
    return d->m_revision;
}

SharedSeries::DataRange SharedSeries::dataRange() const
{
    const PlotColumn extent = d->m_curve.extent();
    return {d->m_range.from, d->m_range.to, extent.low, extent.high};
}

std::optional<QPointF> SharedSeries::valueNear(double x) const
{
    return d->valueNear(x);
}

quint64 SharedSeries::readCount() const
{
    return d->m_data ? d->m_data->readCount() : 0;
}

quint64 SharedSeries::readElements() const
{
    return d->m_data ? d->m_data->readElements() : 0;
}

void SharedSeries::setFirstReal(double first)
{
    setFirst(QmlInteger::fromReal(first));
}

void SharedSeries::setCountReal(double count)
{
    setCount(QmlInteger::fromReal(count));
}
