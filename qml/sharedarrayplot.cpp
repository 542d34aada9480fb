// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedarrayplot.h"

#include "../src/core/fielddecoder.h"
#include "plotdata.h"
#include "plotpainter.h"
#include "qmlnames.h"
#include "segmentfollower.h"

#include <QtCore/QPointer>
#include <QtQml/QQmlInfo>
#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGImageNode>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

class SharedArrayPlotPrivate
{
public:
    explicit SharedArrayPlotPrivate(SharedArrayPlot *plot);

    void sync();
    void read();
    /// Copies the newest revision while paused, so that another range or size shows the same revision.
    void hold();
    void hold(SharedSegment *segment);
    void failForMemory(SharedSegment *segment);
    void failForSize(SharedSegment *segment, const PlotData::Request &request);
    void warnOfField(const QList<FieldDecoder> &fields);
    void clear();
    void scale();
    QSize imageSize() const;
    double pixelRatio() const { return q->window() ? q->window()->effectiveDevicePixelRatio() : 1; }
    /// Marks the samples for another read.
    void invalidate()
    {
        m_isDirty = true;
        q->polish();
    }

    SharedArrayPlot *const q;
    SegmentFollower m_follower;
    PlotData m_data;
    PlotPainter m_painter;
    QImage m_image;
    QString m_instance;
    QString m_field;
    qint64 m_first = 0;
    qint64 m_count = -1;
    int m_columns = 0;
    double m_lineWidth = 1;
    bool m_autoScale = true;
    bool m_isDirty = true;
    bool m_isImageDirty = true;
    quint64 m_revision = 0;
    quint64 m_readCount = 0;
    QString m_warnedField;
    QString m_reportedSize; ///< the last reported instance and number of elements
    bool m_isMemoryErrorReported = false;
};

SharedArrayPlotPrivate::SharedArrayPlotPrivate(SharedArrayPlot *plot)
    : q(plot)
{
    m_painter.color = QColor(u"steelblue"_s);
    m_painter.fill = Qt::transparent;
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] {
        if (m_follower.isOpen() && m_follower.segment()->revision() != m_revision)
            invalidate();
    });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedArrayPlot::segmentChanged);
}

void SharedArrayPlotPrivate::sync()
{
    const QString instance = m_follower.isOpen() ? m_follower.segment()->instance() : QString();
    if (std::exchange(m_instance, instance) == instance)
        return;
    m_data.abandon();
    hold();
    invalidate();
}

void SharedArrayPlotPrivate::hold()
{
    m_data.release();
    if (m_follower.isPaused() && m_follower.isOpen())
        hold(m_follower.segment());
}

void SharedArrayPlotPrivate::hold(SharedSegment *segment)
{
    m_data.hold(*segment);
    failForMemory(segment);
}

void SharedArrayPlotPrivate::failForMemory(SharedSegment *segment)
{
    // Report once, not with each revision.
    const bool isMissing = m_data.isOutOfMemory();
    if (!std::exchange(m_isMemoryErrorReported, isMissing) && isMissing)
        segment->setError(
            SharedSegment::Error::OutOfMemory,
            u"there is no memory to plot \"%1\" with its %2 bytes; plot fewer elements, by first and count"_s
                .arg(segment->name())
                .arg(segment->size()));
}

void SharedArrayPlotPrivate::failForSize(SharedSegment *segment, const PlotData::Request &request)
{
    // Report once, not with each revision.
    const QString instance = m_instance + QString::number(request.count);
    if (std::exchange(m_reportedSize, instance) != instance)
        segment->setError(
            SharedSegment::Error::OutOfMemory,
            u"%1 elements of \"%2\" have %3 bytes each, and no plot goes through more than %4 bytes; plot "
            "fewer, by first and count"_s.arg(request.count)
                .arg(segment->name())
                .arg(request.elementSize)
                .arg(PlotData::MostBytes));
}

void SharedArrayPlotPrivate::warnOfField(const QList<FieldDecoder> &fields)
{
    const QString instance = m_instance + m_field;
    if (std::exchange(m_warnedField, instance) == instance)
        return;
    QStringList names;
    for (const FieldDecoder &field : fields) {
        if (field.type() != SharedLayout::Type::Text)
            names.append(field.name().isEmpty() ? u"value"_s : field.name());
    }
    const QString name = m_follower.segment()->name();
    qmlWarning(q).noquote() << (names.isEmpty()
                                    ? u"\"%1\" has no numbers to plot; plot another segment"_s.arg(name)
                                    : u"\"%1\" has no numbers in a field \"%2\"; set field to one of: %3"_s.arg(
                                        name, m_field, names.join(u", ")));
}

QSize SharedArrayPlotPrivate::imageSize() const
{
    // Textures of more than 16384 pixels may fail, and screens are smaller.
    const double ratio = pixelRatio();
    return QSize(std::clamp(static_cast<int>(std::ceil(std::min(q->width() * ratio, 16384.0))), 0, 16384),
                 std::clamp(static_cast<int>(std::ceil(std::min(q->height() * ratio, 16384.0))), 0, 16384));
}

void SharedArrayPlotPrivate::clear()
{
    m_data.clear();
    m_isImageDirty = true;
    if (std::exchange(m_revision, 0) != 0)
        Q_EMIT q->revisionChanged();
}

void SharedArrayPlotPrivate::read()
{
    PlotData::Request request;
    request.columns = m_columns;
    if (!m_follower.isOpen()) {
        m_isDirty = false;
        clear();
        return;
    }
    SharedSegment *segment = m_follower.segment();
    const SharedLayout layout = segment->layout();
    const QList<FieldDecoder> fields = FieldDecoder::of(layout);
    const FieldDecoder *field = nullptr;
    if (!m_field.isEmpty()) {
        const qsizetype at = fieldOfName(fields, m_field);
        if (at >= 0 && fields.at(at).type() != SharedLayout::Type::Text)
            field = &fields.at(at);
    } else {
        const auto at = std::find_if(fields.cbegin(), fields.cend(), [](const FieldDecoder &candidate) {
            return candidate.type() != SharedLayout::Type::Text;
        });
        field = at != fields.cend() ? &*at : nullptr;
    }
    if (!field)
        warnOfField(fields);
    const qint64 remaining = segment->length() - m_first;
    request.first = m_first;
    request.count = m_count < 0 ? remaining : std::min(m_count, remaining);
    request.elementSize = layout.elementSize();
    if (!field || request.count < 1 || request.columns < 1) {
        m_isDirty = false;
        clear();
        return;
    }
    request.field = field->field();
    if (PlotData::exceedsLimit(request)) {
        m_isDirty = false;
        clear();
        failForSize(segment, request);
        return;
    }
    if (m_follower.isPaused())
        hold(segment); // Retries if a writer interfered when the plot was paused.
    const std::optional<quint64> revision = m_data.read(*segment, request);
    failForMemory(segment);
    m_reportedSize.clear();
    if (m_data.isUnfinished()) {
        // Queued, since polish() inside updatePolish() makes a polish loop.
        QMetaObject::invokeMethod(
            q, [this] { q->polish(); }, Qt::QueuedConnection);
        return;
    }
    if (!revision)
        return; // A writer interfered; its update triggers the next read.
    m_isDirty = false;
    m_isImageDirty = true;
    ++m_readCount;
    if (std::exchange(m_revision, *revision) != *revision)
        Q_EMIT q->revisionChanged();
}

void SharedArrayPlotPrivate::scale()
{
    if (!m_autoScale)
        return;
    const PlotData::Column extent = m_data.extent();
    if (std::isnan(extent.low))
        return;
    const bool hasBars = m_painter.hasBars;
    double low = hasBars ? std::min(extent.low, 0.0) : extent.low;
    double high = hasBars ? std::max(extent.high, 0.0) : extent.high;
    if (low == high) {
        // A constant is drawn in the middle.
        const double space = std::max(std::abs(low) * 0.1, 0.5);
        low -= space;
        high += space;
        if (!std::isfinite(low) || !std::isfinite(high)) {
            low = extent.low;
            high = extent.high;
        }
    }
    if (std::exchange(m_painter.minimum, low) != low)
        Q_EMIT q->minimumChanged();
    if (std::exchange(m_painter.maximum, high) != high)
        Q_EMIT q->maximumChanged();
}

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
