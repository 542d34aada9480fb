// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a SharedSeries shows: which field, and its numbers.

#include "sharedseries_p.h"

#include "../src/core/fieldnames_p.h"
#include "arrayseries.h"
#include "decimalpower.h"
#include "streamseries.h"

#include <QtQml/QQmlInfo>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

SharedSeriesPrivate::SharedSeriesPrivate(SharedSeries *series)
    : q(series)
    , m_follower(SegmentFollower::Shows::Everything, u"SharedSeries"_s, q)
{
    QObject::connect(&m_follower, &SegmentFollower::changed, q, [this] { sync(); });
    QObject::connect(&m_follower, &SegmentFollower::updated, q, [this] {
        if (m_data)
            m_data->invalidate();
        redraw();
    });
    QObject::connect(&m_follower, &SegmentFollower::segmentDestroyed, q, &SharedSeries::segmentChanged);
}

void SharedSeriesPrivate::sync()
{
    if (!q->isComponentComplete())
        return;
    adoptMetadata();
    const QString instance = m_follower.isOpen() ? m_follower.segment()->instance() : QString();
    const bool isOtherInstance = std::exchange(m_instance, instance) != instance;
    redraw();
    SeriesSetup setup;
    if (m_follower.isOpen()) {
        setup.segment = m_follower.segment();
        const SharedLayout layout = setup.segment->layout();
        if (const std::optional<SharedLayout::Field> field = findField(layout))
            setup.field = *field;
        else
            setup.segment = nullptr;
        setup.times = times(layout);
        setup.elementSize = layout.elementSize();
    }
    if (!setup.segment) {
        clear();
        return;
    }
    setup.first = m_first;
    setup.count = m_count;
    setup.timeSpan = m_timeSpan;
    const bool isStream = setup.segment->kind() == SharedSegment::Kind::Stream;
    const bool isOther = !m_data || m_setup.segment != setup.segment || (isOtherInstance && !isStream)
                      || (dynamic_cast<StreamSeries *>(m_data.get()) != nullptr) != isStream;
    if (!isOther)
        m_data->invalidate(); // Another opening may have something new.
    if (!isOther && setup == m_setup)
        return;
    const bool isAdopted = !isOther && m_data->adopt(setup);
    m_setup = setup;
    if (isAdopted)
        return;
    if (isStream)
        m_data = std::make_unique<StreamSeries>(setup);
    else
        m_data = std::make_unique<ArraySeries>(setup);
    m_data->setPaused(m_follower.isPaused());
    m_curve.clear();
    report();
}

void SharedSeriesPrivate::adoptMetadata()
{
    const QVariantMap metadata = m_follower.isOpen() ? m_follower.segment()->metadata() : QVariantMap();
    const QString timeField = metadata.value(u"timeField"_s).toString();
    const bool isOtherTimeField = std::exchange(m_ownTimeField, timeField) != timeField && !m_timeField;
    QString label = m_field;
    QString unit;
    m_fieldMetadata = {};
    if (m_follower.isOpen()) {
        if (const std::optional<SharedLayout::Field> field = findField(m_follower.segment()->layout())) {
            m_fieldMetadata = FieldMetadata(*field, metadata);
            m_fieldType = field->type;
            label = m_fieldMetadata.label;
            unit = m_fieldMetadata.unit;
        }
    }
    const QVariant rate = metadata.value(u"sampleRate"_s);
    const double sampleRate = TimeMetadata::isRate(rate) ? rate.toDouble() : 0;
    const bool isOtherLabel = std::exchange(m_ownLabel, label) != label && !m_label;
    const bool isOtherUnit = std::exchange(m_ownUnit, unit) != unit && !m_unit;
    const bool isOtherRate = std::exchange(m_ownSampleRate, sampleRate) != sampleRate && !m_sampleRate;
    if (isOtherLabel)
        Q_EMIT q->labelChanged();
    if (isOtherUnit)
        Q_EMIT q->unitChanged();
    if (isOtherRate)
        Q_EMIT q->sampleRateChanged();
    if (isOtherTimeField)
        Q_EMIT q->timeFieldChanged();
}

TimeMetadata SharedSeriesPrivate::times(const SharedLayout &layout)
{
    const TimeMetadata result(layout, {{u"timeField"_s, q->timeField()}, {u"sampleRate"_s, q->sampleRate()}});
    // Other programs write the metadata; a field that is none counts as absent.
    if (m_timeField && !m_timeField->isEmpty() && !result.hasField())
        warn(u"\"%1\" has no integers of 64 bits in a field \"%2\" that could be times; set timeField to another one, "
             "or to \"\""_s.arg(m_follower.segment()->name(), *m_timeField));
    return result;
}

std::optional<SharedLayout::Field> SharedSeriesPrivate::findField(const SharedLayout &layout)
{
    QStringList names;
    const QList<FieldDecoder> fields = FieldDecoder::of(layout);
    const auto hasNumbers = [](const FieldDecoder &field) { return field.type() != SharedLayout::Type::Text; };
    for (const FieldDecoder &field : fields) {
        if (!hasNumbers(field))
            continue;
        names.append(FieldMetadata::keyOf(field.field()));
        if (m_field.isEmpty() && names.constLast() != q->timeField())
            return field.field();
    }
    const qsizetype at = m_field.isEmpty() ? -1 : fieldOfName(fields, m_field);
    if (at >= 0 && hasNumbers(fields.at(at)))
        return fields.at(at).field();
    const QString name = m_follower.segment()->name();
    if (m_field.isEmpty() || names.isEmpty())
        warn(u"\"%1\" has no numbers to plot; plot another segment"_s.arg(name));
    else
        warn(u"\"%1\" has no numbers in a field \"%2\"; set field to one of: %3"_s.arg(name, m_field,
                                                                                       names.join(u", ")));
    return std::nullopt;
}

void SharedSeriesPrivate::warn(const QString &text)
{
    if (m_warnings.contains(text))
        return;
    m_warnings.append(text);
    qmlWarning(q).noquote() << text;
}

void SharedSeriesPrivate::clear()
{
    m_data.reset();
    m_curve.clear();
    setRevision(0);
}

void SharedSeriesPrivate::setRevision(quint64 revision)
{
    if (std::exchange(m_revision, revision) != revision)
        Q_EMIT q->revisionChanged();
}

void SharedSeriesPrivate::report()
{
    if (const QString error = m_data ? m_data->takeError() : QString(); !error.isEmpty() && m_follower.segment())
        m_follower.segment()->setError(SharedSegment::Error::OutOfMemory, error);
}

void SharedSeriesPrivate::take(const PlotView &view)
{
    if (m_data)
        m_data->take(view);
    report();
}

PlotView::Range SharedSeriesPrivate::xRange(const PlotView &view)
{
    constexpr double None = std::numeric_limits<double>::quiet_NaN();
    m_range = m_data ? m_data->xRange(view) : PlotView::Range{None, None};
    const bool isLone = m_range.from == m_range.to;
    if (!isLone && (m_style != SharedSeries::Style::Bars || !m_data || m_data->followsTime()))
        return m_range;
    const double half = m_data->spacing() / 2;
    return {m_range.from - half, m_range.to + half};
}

bool SharedSeriesPrivate::reduce(const PlotWindow &window)
{
    q->update();
    if (!m_data)
        return true;
    const bool isDone = m_data->reduce(window, &m_curve);
    report();
    if (m_data)
        setRevision(m_data->revision());
    return isDone;
}

PlotColumn SharedSeriesPrivate::yRange() const
{
    PlotColumn range = m_curve.extent();
    if (m_style == SharedSeries::Style::Bars && !range.isEmpty())
        range.add(0, 0);
    return range;
}

void SharedSeriesPrivate::hide()
{
    m_curve.clear();
    q->update();
}

void SharedSeriesPrivate::warnOfScale()
{
    warn(u"x has another meaning than in other series of the plot; give all of them a time, or none, by sampleRate or "
         "timeField"_s);
}

std::optional<QPointF> SharedSeriesPrivate::valueNear(double x) const
{
    const double place = m_curve.window.place(x);
    std::optional<QPointF> nearest;
    double least = std::numeric_limits<double>::infinity();
    const auto offer = [&](double at, double value) {
        if (const double distance = std::abs(at - x); distance < least) {
            least = distance;
            nearest = QPointF(at, value);
        }
    };
    for (const PlotPoint &point : m_curve.points) {
        if (!point.isEmpty() && m_curve.window.place(point.x) > -0.5
            && m_curve.window.place(point.x) < m_curve.window.columns + 0.5)
            offer(point.x, point.low == point.high ? point.low : point.low / 2 + point.high / 2);
    }
    const auto &columns = m_curve.columns;
    const auto size = static_cast<qint64>(columns.size());
    if (size == 0 || !std::isfinite(place))
        return nearest;
    const auto start = static_cast<qint64>(std::clamp(std::floor(place), 0.0, static_cast<double>(size - 1)));
    for (qint64 distance = 0; distance < size && !nearest; ++distance) {
        for (const qint64 column : {start - distance, start + distance}) {
            if (column < 0 || column >= size || columns[static_cast<std::size_t>(column)].isEmpty())
                continue;
            const PlotColumn &found = columns[static_cast<std::size_t>(column)];
            PlotColumn around;
            for (const qint64 other : {column - 1, column + 1}) {
                if (other >= 0 && other < size)
                    around.add(columns[static_cast<std::size_t>(other)].low,
                               columns[static_cast<std::size_t>(other)].high);
            }
            const double middle = around.isEmpty() ? found.low : around.low / 2 + around.high / 2;
            const bool isHigh = found.high - middle >= middle - found.low;
            offer(m_curve.window.edge(column) + m_curve.window.width / 2, isHigh ? found.high : found.low);
        }
    }
    return nearest;
}

QString SharedSeriesPrivate::text(double value, PlotView::Range range, double pixels) const
{
    constexpr double IntegersEnd = 1e18;
    FieldMetadata metadata = m_fieldMetadata;
    metadata.unit = q->unit();
    const bool isReal = m_fieldType == SharedLayout::Type::Float32 || m_fieldType == SharedLayout::Type::Float64;
    // The items of an array field may have their middle between two integers.
    if (!isReal && value == std::trunc(value) && std::abs(value) < IntegersEnd)
        return metadata.text(m_fieldType == SharedLayout::Type::Bool ? QVariant(value != 0)
                                                                     : QVariant(static_cast<qint64>(value)));
    if (metadata.decimals || !std::isfinite(value))
        return metadata.text(value);
    constexpr double MostDecimals = 9; // of a double
    const auto power = DecimalPower::of(std::max({std::abs(range.from), std::abs(range.to), std::abs(value)}));
    // In halves: the span of two doubles may exceed the greatest double.
    const double pixel = std::abs(range.to / 2 - range.from / 2) / std::max(pixels, 1.0) * 2;
    const double decimals = std::ceil(-std::log10(pixel)) + power.exponent;
    metadata.decimals = static_cast<int>(decimals <= MostDecimals ? std::max(decimals, 0.0) : MostDecimals);
    return metadata.text(power.multipleOf(value), power.text());
}

CurvePen SharedSeriesPrivate::pen() const
{
    CurvePen pen = m_pen;
    pen.style.lineWidth = m_lineWidth / pen.scale;
    pen.style.hasBars = m_style == SharedSeries::Style::Bars;
    pen.style.isFilled = m_fill.alpha() > 0 && !pen.style.hasBars;
    pen.color = m_color;
    pen.fill = m_fill;
    return pen;
}
