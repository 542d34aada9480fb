// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "arrayseries.h"

#include "../src/core/memorycheck_p.h"
#include "../src/core/reduction_p.h"
#include "sampletimes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <utility>

using namespace Qt::StringLiterals;

ArraySeries::ArraySeries(const SeriesSetup &setup)
    : m_setup(setup)
    , m_store(setup.field.isArray)
{
}

PlotView::Scale ArraySeries::scale() const
{
    if (hasTimes())
        return PlotView::Scale::Time;
    return m_setup.sampleRate() > 0 ? PlotView::Scale::Seconds : PlotView::Scale::Index;
}

bool ArraySeries::adopt(const SeriesSetup &setup)
{
    m_setup = setup;
    m_store = SampleStore(setup.field.isArray);
    m_isDirty = true;
    return true;
}

std::optional<qint64> ArraySeries::elementCount() const
{
    const SharedSegment &segment = *m_setup.segment;
    if (segment.kind() != SharedSegment::Kind::VariableArray)
        return segment.capacity();
    if (const std::optional<SharedRevision> held = m_data.held())
        return held->count;
    SharedRevision newest;
    std::byte none{};
    return segment.tryRead({&none, 0}, 0, &newest) ? std::optional(newest.count) : std::nullopt;
}

void ArraySeries::setPaused(bool paused)
{
    m_isPaused = paused;
    m_isDirty = true;
    m_data.release();
    if (paused)
        hold();
}

void ArraySeries::hold()
{
    m_data.hold(*m_setup.segment);
    failForMemory();
}

void ArraySeries::failForMemory()
{
    // Report once, not with each revision.
    const bool isMissing = m_data.isOutOfMemory();
    if (!std::exchange(m_isMemoryErrorReported, isMissing) && isMissing)
        m_error = u"there is no memory to plot \"%1\" with its %2 bytes; plot fewer elements, by first and count"_s
                      .arg(m_setup.segment->name())
                      .arg(m_setup.segment->size());
}

bool ArraySeries::isTooLarge(qint64 count)
{
    if (count <= PlotData::MostBytes / m_setup.elementSize) {
        m_reportedCount = -1;
        return false;
    }
    // Report once, not with each revision.
    if (std::exchange(m_reportedCount, count) != count)
        m_error = u"%1 elements of \"%2\" have %3 bytes each, and no plot goes through more than %4 bytes; plot "
                  "fewer, by first and count"_s.arg(count)
                      .arg(m_setup.segment->name())
                      .arg(m_setup.elementSize)
                      .arg(PlotData::MostBytes);
    return true;
}

void ArraySeries::take(const PlotView &view)
{
    if (!m_isDirty)
        return;
    if (m_isPaused)
        hold(); // Again, if a writer interfered.
    const std::optional<qint64> total = elementCount();
    if (!total)
        return; // A writer interfered; its update triggers the next read.
    m_total = *total;
    const qint64 remaining = std::max<qint64>(m_total - m_setup.first, 0);
    m_count = m_setup.count < 0 ? remaining : std::min(m_setup.count, remaining);
    if (hasTimes())
        readTimes(view);
}

PlotView::Range ArraySeries::xRange(const PlotView &) const
{
    PlotView::Range range{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    if (hasTimes() && !m_store.isEmpty())
        range = {m_store.x(m_store.begin()), m_store.x(m_store.end() - 1)};
    else if (!hasTimes() && m_count > 0)
        range = {static_cast<double>(m_setup.first) * step(),
                 static_cast<double>(m_setup.first + m_count - 1) * step()};
    if (m_setup.timeSpan > 0 && scale() != PlotView::Scale::Index)
        range.from = std::max(range.from, range.to - m_setup.timeSpan);
    return range;
}

bool ArraySeries::reduce(const PlotWindow &window, PlotCurve *curve)
{
    if (m_count < 1 || window.columns < 1) {
        curve->clear();
        curve->window = window;
        m_request = {};
        m_revision = 0;
        m_isDirty = false;
        return true;
    }
    if (!hasTimes())
        return read(window, curve);
    m_store.reduce(window, curve);
    return true;
}

PlotData::Request ArraySeries::requestFor(const PlotWindow &window) const
{
    PlotData::Request request;
    request.field = m_setup.field;
    request.elementSize = m_setup.elementSize;
    request.total = m_total;
    // With one element beyond each edge.
    const double least = static_cast<double>(m_setup.first);
    const double most = static_cast<double>(m_setup.first + m_count);
    request.first = static_cast<qint64>(std::clamp(std::floor(window.from() / step()), least, most));
    const auto end = static_cast<qint64>(std::clamp(std::ceil(window.to() / step()) + 1, least, most));
    request.count = std::max<qint64>(end - request.first, 0);
    if (request.count <= window.columns) {
        request.columns = static_cast<int>(request.count);
        request.start = static_cast<double>(request.first);
    } else {
        request.columns = window.columns;
        request.start = window.from() / step();
        request.width = window.width / step();
    }
    return request;
}

bool ArraySeries::read(const PlotWindow &window, PlotCurve *curve)
{
    const PlotData::Request request = requestFor(window);
    const bool isSame = request.isSame(m_request) && window == curve->window;
    if (isSame && !m_isDirty)
        return true;
    if (request.count < 1 || isTooLarge(request.count)) {
        curve->clear();
        curve->window = window;
        m_request = request;
        m_revision = 0;
        m_isDirty = false;
        return true;
    }
    const std::optional<quint64> revision = m_data.read(*m_setup.segment, request);
    failForMemory();
    if (!revision)
        return !m_data.isUnfinished(); // A writer interfered, or a newer revision has another number of elements.
    m_request = request;
    m_isDirty = false;
    m_revision = *revision;
    ++m_readCount;
    m_readElements += static_cast<quint64>(request.count);
    curve->clear();
    curve->window = window;
    curve->hasPoints = request.count <= window.columns;
    curve->pointWidth = step();
    if (!curve->hasPoints) {
        curve->columns = m_data.columns();
        for (PlotColumn &column : curve->columns)
            column.isBroken = column.isEmpty();
        return true;
    }
    curve->points.reserve(m_data.columns().size());
    for (const PlotColumn &column : m_data.columns()) {
        const auto index = static_cast<double>(request.first + static_cast<qint64>(curve->points.size()));
        curve->points.push_back({column, index * step()});
    }
    return true;
}

void ArraySeries::readTimes(const PlotView &view)
{
    if (m_count < 1 || isTooLarge(m_count)) {
        m_store.clear();
        m_isDirty = false;
        return;
    }
    const qint64 size = m_count * m_setup.elementSize;
    QByteArray bytes;
    if (!hasMemoryFor(4, size) || !m_store.reserve(m_count)) {
        m_error =
            u"there is no memory to plot %1 elements of \"%2\"; plot fewer, by first and count"_s.arg(m_count).arg(
                m_setup.segment->name());
        m_isDirty = false;
        return;
    }
    if (m_data.held()) {
        store(view, m_data.heldBytes() + m_setup.first * m_setup.elementSize, m_count);
        m_revision = m_data.held()->number;
    } else {
        bytes.resize(size);
        SharedRevision revision;
        const std::span<char> to(bytes.data(), static_cast<std::size_t>(size));
        if (!m_setup.segment->tryRead(std::as_writable_bytes(to), m_setup.first * m_setup.elementSize, &revision)
            || revision.count != m_total)
            return; // As above.
        store(view, reinterpret_cast<const std::byte *>(bytes.constData()), m_count);
        m_revision = revision.number;
    }
    ++m_readCount;
    m_readElements += static_cast<quint64>(m_count);
    m_isDirty = false;
}

void ArraySeries::store(const PlotView &view, const std::byte *elements, qint64 count)
{
    std::vector<double> lows(static_cast<std::size_t>(count));
    std::vector<double> highs(m_setup.field.isArray ? lows.size() : 0);
    toNumbers(m_setup.field, elements, m_setup.elementSize, count, lows.data(), highs.data());
    m_store.clear();
    const quint64 first = m_store.end();
    m_store.append(lows, highs);
    setTimes(&m_store, first, view, m_setup.times, elements, m_setup.elementSize);
}
