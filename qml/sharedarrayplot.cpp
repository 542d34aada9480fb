// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedarrayplot.h"

#include "../src/core/qmlinteger_p.h"
#include "qmluserinterface.h"
#include "sharedarrayplot_p.h"

#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGImageNode>

#include <algorithm>
#include <cmath>
#include <utility>

SharedArrayPlot::SharedArrayPlot(QQuickItem *parent)
    : QQuickItem(parent)
    , d(std::make_unique<SharedArrayPlotPrivate>(this))
{
    setFlag(ItemHasContents);
}

SharedArrayPlot::~SharedArrayPlot() = default;

void SharedArrayPlot::updatePolish()
{
    const int columns = d->imageSize().width();
    if (std::exchange(d->m_columns, columns) != columns)
        d->m_isDirty = true;
    if (d->m_isDirty) {
        d->read();
        d->scale();
    }
    update();
}

QSGNode *SharedArrayPlot::updatePaintNode(QSGNode *oldNode, UpdatePaintNodeData *)
{
    auto *node = static_cast<QSGImageNode *>(oldNode);
    const QSize size = d->imageSize();
    if (size.isEmpty() || d->m_data.columns().empty()) {
        delete node;
        d->m_isImageDirty = true;
        return nullptr;
    }
    if (!node || d->m_isImageDirty || d->m_image.size() != size) {
        if (d->m_image.size() != size)
            d->m_image = QImage(size, QImage::Format_ARGB32_Premultiplied);
        d->m_painter.lineWidth = d->m_lineWidth * d->pixelRatio();
        d->m_painter.paint(&d->m_image, d->m_data.columns());
        QSGTexture *texture = window()->createTextureFromImage(d->m_image, QQuickWindow::TextureHasAlphaChannel);
        if (!texture) {
            delete node;
            return nullptr;
        }
        if (!node) {
            node = window()->createImageNode();
            node->setOwnsTexture(true);
        }
        node->setTexture(texture);
        d->m_isImageDirty = false;
    }
    node->setRect(boundingRect());
    return node;
}

void SharedArrayPlot::geometryChange(const QRectF &newGeometry, const QRectF &oldGeometry)
{
    QQuickItem::geometryChange(newGeometry, oldGeometry);
    if (newGeometry.size() != oldGeometry.size()) {
        d->m_isImageDirty = true;
        polish();
    }
}

void SharedArrayPlot::itemChange(ItemChange change, const ItemChangeData &value)
{
    QQuickItem::itemChange(change, value);
    if (change == ItemDevicePixelRatioHasChanged || change == ItemSceneChange
        || (change == ItemVisibleHasChanged && value.boolValue)) {
        d->m_isImageDirty = true;
        polish();
    }
}

SharedSegment *SharedArrayPlot::segment() const
{
    return d->m_follower.segment();
}

void SharedArrayPlot::setSegment(SharedSegment *segment)
{
    if (d->m_follower.setSegment(segment))
        Q_EMIT segmentChanged();
}

qint64 SharedArrayPlot::first() const
{
    return d->m_first;
}

void SharedArrayPlot::setFirst(qint64 first)
{
    first = std::max<qint64>(first, 0);
    if (std::exchange(d->m_first, first) == first)
        return;
    d->invalidate();
    Q_EMIT firstChanged();
}

qint64 SharedArrayPlot::count() const
{
    return d->m_count;
}

void SharedArrayPlot::setCount(qint64 count)
{
    count = std::max<qint64>(count, -1);
    if (std::exchange(d->m_count, count) == count)
        return;
    d->invalidate();
    Q_EMIT countChanged();
}

SharedArrayPlot::Style SharedArrayPlot::style() const
{
    return d->m_painter.hasBars ? Style::Bars : Style::Line;
}

void SharedArrayPlot::setStyle(Style style)
{
    const bool hasBars = style == Style::Bars;
    if (std::exchange(d->m_painter.hasBars, hasBars) == hasBars)
        return;
    d->m_isImageDirty = true;
    d->scale();
    polish();
    Q_EMIT styleChanged();
}

QString SharedArrayPlot::field() const
{
    return d->m_field;
}

void SharedArrayPlot::setField(const QString &field)
{
    if (std::exchange(d->m_field, field) == field)
        return;
    d->invalidate();
    Q_EMIT fieldChanged();
}

double SharedArrayPlot::minimum() const
{
    return d->m_painter.minimum;
}

void SharedArrayPlot::setMinimum(double minimum)
{
    if (!std::isfinite(minimum) || std::exchange(d->m_painter.minimum, minimum) == minimum)
        return;
    d->m_isImageDirty = true;
    polish();
    Q_EMIT minimumChanged();
}

double SharedArrayPlot::maximum() const
{
    return d->m_painter.maximum;
}

void SharedArrayPlot::setMaximum(double maximum)
{
    if (!std::isfinite(maximum) || std::exchange(d->m_painter.maximum, maximum) == maximum)
        return;
    d->m_isImageDirty = true;
    polish();
    Q_EMIT maximumChanged();
}

bool SharedArrayPlot::autoScale() const
{
    return d->m_autoScale;
}

void SharedArrayPlot::setAutoScale(bool autoScale)
{
    if (std::exchange(d->m_autoScale, autoScale) == autoScale)
        return;
    d->m_isImageDirty = true;
    d->scale();
    polish();
    Q_EMIT autoScaleChanged();
}

QColor SharedArrayPlot::color() const
{
    return d->m_painter.color;
}

void SharedArrayPlot::setColor(const QColor &color)
{
    if (std::exchange(d->m_painter.color, color) == color)
        return;
    d->m_isImageDirty = true;
    polish();
    Q_EMIT colorChanged();
}

QColor SharedArrayPlot::fill() const
{
    return d->m_painter.fill;
}

void SharedArrayPlot::setFill(const QColor &fill)
{
    if (std::exchange(d->m_painter.fill, fill) == fill)
        return;
    d->m_isImageDirty = true;
    polish();
    Q_EMIT fillChanged();
}

double SharedArrayPlot::lineWidth() const
{
    return d->m_lineWidth;
}

void SharedArrayPlot::setLineWidth(double lineWidth)
{
    lineWidth = std::isfinite(lineWidth) ? std::clamp(lineWidth, 0.0, 1000.0) : 1.0;
    if (std::exchange(d->m_lineWidth, lineWidth) == lineWidth)
        return;
    d->m_isImageDirty = true;
    polish();
    Q_EMIT lineWidthChanged();
}

double SharedArrayPlot::maximumRate() const
{
    return d->m_follower.maximumRate();
}

void SharedArrayPlot::setMaximumRate(double maximumRate)
{
    if (d->m_follower.setMaximumRate(maximumRate))
        Q_EMIT maximumRateChanged();
}

bool SharedArrayPlot::isPaused() const
{
    return d->m_follower.isPaused();
}

void SharedArrayPlot::setPaused(bool paused)
{
    if (!d->m_follower.setPaused(paused))
        return;
    d->hold();
    d->invalidate();
    Q_EMIT pausedChanged();
}

quint64 SharedArrayPlot::revision() const
{
    return d->m_revision;
}

quint64 SharedArrayPlot::readCount() const
{
    return d->m_readCount;
}

void SharedArrayPlot::setFirstReal(double first)
{
    setFirst(QmlInteger::fromReal(first));
}

void SharedArrayPlot::setCountReal(double count)
{
    setCount(QmlInteger::fromReal(count));
}
