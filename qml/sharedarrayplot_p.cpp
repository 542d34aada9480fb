// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The samples of a SharedArrayPlot: reading, holding and scaling them.

#include "sharedarrayplot_p.h"

#include "../src/core/fieldnames_p.h"

#include <QtQml/QQmlInfo>
#include <QtQuick/QQuickWindow>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

SharedArrayPlotPrivate::SharedArrayPlotPrivate(SharedArrayPlot *plot)
    : q(plot)
    , m_follower(SegmentFollower::Shows::Arrays, u"SharedArrayPlot"_s, q)
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
    const FailureScope scope = m_follower.failuresOf(u"memory"_s);
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
    const FailureScope scope = m_follower.failuresOf(u"size"_s);
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

double SharedArrayPlotPrivate::pixelRatio() const
{
    return q->window() ? q->window()->effectiveDevicePixelRatio() : 1;
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

std::optional<qint64> SharedArrayPlotPrivate::elementCount(const SharedSegment &segment) const
{
    if (segment.kind() != SharedSegment::Kind::VariableArray)
        return segment.capacity();
    if (const std::optional<SharedRevision> held = m_data.held())
        return held->count;
    SharedRevision newest;
    std::byte none{};
    return segment.tryRead({&none, 0}, 0, &newest) ? std::optional(newest.count) : std::nullopt;
}

const FieldDecoder *SharedArrayPlotPrivate::findField(const QList<FieldDecoder> &fields) const
{
    const auto hasNumbers = [](const FieldDecoder &field) { return field.type() != SharedLayout::Type::Text; };
    if (m_field.isEmpty()) {
        const auto at = std::find_if(fields.cbegin(), fields.cend(), hasNumbers);
        return at != fields.cend() ? &*at : nullptr;
    }
    const qsizetype at = fieldOfName(fields, m_field);
    return at >= 0 && hasNumbers(fields.at(at)) ? &fields.at(at) : nullptr;
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
    const FieldDecoder *field = findField(fields);
    if (!field)
        warnOfField(fields);
    if (m_follower.isPaused())
        hold(segment); // Retries if a writer interfered when the plot was paused.
    const std::optional<qint64> total = elementCount(*segment);
    if (!total)
        return; // A writer interfered; its update triggers the next read.
    request.total = *total;
    const qint64 remaining = request.total - m_first;
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
        return; // As above, or a newer revision has another number of elements.
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
