// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "streamseries.h"

#include "../src/core/memorycheck_p.h"
#include "../src/core/qmlinteger_p.h"
#include "../src/core/reduction_p.h"
#include "sampletimes.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace {

// Small enough to stay in the processor's cache between copy and conversion.
constexpr qsizetype StreamPieceBytes = 64 * 1024;
constexpr qsizetype PieceElements = 4096;
// Maximum bytes per call of take(), read or stored, whatever is more; takes some milliseconds.
constexpr qint64 BytesPerTake = 32 * 1024 * 1024;
// A stream whose elements come that much later than its rate tells was silent, in seconds.
constexpr double Silence = 0.25;
// The share of the difference between the rate told and the real one that one read takes over.
constexpr double Adoption = 0.1;
constexpr double NoNumber = std::numeric_limits<double>::quiet_NaN();

qint64 wallClock()
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

StreamSeries::StreamSeries(const SeriesSetup &setup)
    : m_setup(setup)
    , m_reader(setup.segment)
    , m_store(setup.field.isArray)
{
}

PlotView::Scale StreamSeries::scale() const
{
    const bool hasTime = m_setup.times.hasField() || m_setup.sampleRate() > 0 || m_setup.timeSpan > 0;
    return hasTime ? PlotView::Scale::Time : PlotView::Scale::Index;
}

qint64 StreamSeries::most() const
{
    if (m_setup.count >= 0)
        return m_setup.count;
    return m_setup.timeSpan > 0 ? std::numeric_limits<qint64>::max() : m_setup.segment->capacity();
}

void StreamSeries::start()
{
    // Elements of another opening are not those after the last ones; where they have a time, the last ones stay.
    if (!hasTimes())
        m_store.clear();
    const bool isAnother = std::exchange(m_isStarted, true);
    const quint64 newest = m_setup.segment->revision();
    qint64 wanted = std::min(most(), m_setup.segment->capacity());
    if (hasTimes() && !m_setup.times.hasField()) {
        // When elements were appended is known of the last ones only.
        if (m_setup.sampleRate() == 0)
            wanted = std::min<qint64>(wanted, 1);
        else if (m_setup.timeSpan > 0)
            wanted = QmlInteger::fromReal(
                std::min(std::ceil(m_setup.timeSpan * m_setup.sampleRate()), static_cast<double>(wanted)));
    }
    if (newest <= static_cast<quint64>(wanted) || wanted == m_setup.segment->capacity())
        m_reader.seek(SharedStreamReader::Oldest);
    else
        m_reader.seek(newest - static_cast<quint64>(wanted));
    // With what comes until old elements go: a store that grows later delays a frame, and those of many series grow together.
    const auto there = static_cast<qint64>(newest - std::min(m_reader.position(), newest));
    for (qint64 count = there + there / 8; count > 0 && !m_store.reserve(count);)
        count /= 2;
    m_pieceCount = std::clamp<qsizetype>(StreamPieceBytes / m_setup.elementSize, 1, PieceElements);
    if (hasMemoryFor(m_pieceCount, m_setup.elementSize))
        m_buffer = std::make_unique<std::byte[]>(static_cast<std::size_t>(m_pieceCount * m_setup.elementSize));
    m_lows.resize(static_cast<std::size_t>(m_pieceCount));
    m_highs.resize(m_setup.field.isArray ? m_lows.size() : 0);
    m_next = m_reader.position();
    if (isAnother && !m_store.isEmpty())
        m_store.breakBefore(m_store.end());
}

void StreamSeries::take(const PlotView &view)
{
    if (m_isPaused && m_isStarted)
        return;
    // Of another opening, positions and losses count from 0 on.
    if (!m_isStarted || m_reader.position() < m_next || m_reader.lost() < m_lost)
        start();
    m_lost = m_reader.lost();
    m_before = m_next;
    m_pieces.clear();
    qint64 timestamp = 0;
    m_isUnfinished = m_isDirty;
    m_isDirty = false;
    const qint64 pieceBytes = m_pieceCount * std::max(m_setup.elementSize, m_store.bytesPerSample());
    for (qint64 left = BytesPerTake; m_isUnfinished && left > 0; left -= pieceBytes) {
        SharedRevision revision;
        if (!m_buffer || !readPiece(view, &revision)) {
            m_isUnfinished = false;
            break;
        }
        timestamp = revision.timestamp;
    }
    m_isDirty = m_isUnfinished;
    if (!m_pieces.empty()) {
        ++m_readCount;
        place(view, timestamp != 0 ? timestamp : estimatedTime()); // The time of an append is kept of the newest two.
    }
    drop(view);
}

bool StreamSeries::readPiece(const PlotView &view, SharedRevision *revision)
{
    const auto space = static_cast<std::size_t>(m_pieceCount * m_setup.elementSize);
    const qsizetype count = m_reader.read({m_buffer.get(), space}, revision);
    if (count == 0)
        return false;
    m_readElements += static_cast<quint64>(count);
    const quint64 position = revision->number - static_cast<quint64>(count);
    const bool isWhole = m_store.reserve(count);
    if (!isWhole && !std::exchange(m_isMemoryErrorReported, true))
        m_error =
            u"there is no memory to plot more than %1 elements of \"%2\" at once; set a shorter timeSpan, or count"_s
                .arg(m_store.end() - m_store.begin())
                .arg(m_setup.segment->name());
    const quint64 number = m_store.end();
    toNumbers(m_setup.field, m_buffer.get(), m_setup.elementSize, count, m_lows.data(), m_highs.data());
    const std::span lows(m_lows.data(), static_cast<std::size_t>(count));
    m_store.append(lows, std::span(m_highs.data(), m_setup.field.isArray ? lows.size() : 0));
    if (position != m_next && !m_store.isEmpty())
        m_store.breakBefore(number);
    m_next = revision->number;
    if (m_setup.times.hasField())
        setTimes(&m_store, number, view, m_setup.times, m_buffer.get(), m_setup.elementSize);
    m_pieces.push_back({number, position, static_cast<quint64>(count)});
    // More than is kept needs no space.
    if (most() < std::numeric_limits<qint64>::max())
        m_store.keepLast(most());
    return true;
}

qint64 StreamSeries::estimatedTime() const
{
    const double interval = m_setup.times.interval();
    const quint64 newest = m_setup.segment->revision();
    if (interval <= 0 || newest <= m_next)
        return wallClock();
    const qint64 newestTime = m_setup.segment->updatedAt().toMSecsSinceEpoch() * 1'000'000;
    return newestTime - QmlInteger::fromReal(static_cast<double>(newest - m_next) * interval);
}

void StreamSeries::place(const PlotView &view, qint64 timestamp)
{
    const double time = view.toX(timestamp);
    if (m_setup.times.hasField()) {
        const double lead = m_store.isEmpty() ? 0 : m_store.x(m_store.end() - 1) - time;
        m_lead = std::abs(lead - m_lead) > MostStepBack ? lead : m_lead + Adoption * (lead - m_lead);
    } else if (m_setup.sampleRate() > 0) {
        placeByRate(time);
    } else if (hasTimes()) {
        placeEvenly(time);
    } else {
        placeBack(static_cast<double>(m_next - 1), 1);
    }
}

void StreamSeries::placeByRate(double time)
{
    const quint64 first = m_pieces.front().number;
    const bool isFirst = first <= m_store.begin();
    const double period = 1 / m_setup.sampleRate();
    const double last = isFirst ? time : m_store.x(first - 1);
    // With those that were lost.
    const auto steps = static_cast<double>(m_next - m_before);
    const double expected = last + steps * period;
    const double late = time - expected;
    if (isFirst || late > Silence + steps * period / 2) {
        if (!isFirst)
            m_store.breakBefore(first);
        placeBack(time, period);
    } else if (late < -MostStepBack) {
        // The clock was set back: what was before has no place.
        m_store.keepLast(static_cast<qint64>(m_store.end() - first));
        placeBack(time, period);
    } else {
        const double end = std::max(expected + Adoption * late, last);
        placeBack(end, (end - last) / steps);
    }
}

void StreamSeries::placeEvenly(double time)
{
    const quint64 first = m_pieces.front().number;
    const bool isFirst = first <= m_store.begin();
    double last = isFirst ? time : m_store.x(first - 1);
    if (time < last - MostStepBack) {
        m_store.keepLast(static_cast<qint64>(m_store.end() - first));
        last = time;
    }
    const double end = std::max(time, last);
    placeBack(end, isFirst ? 0 : (end - last) / static_cast<double>(m_next - m_before));
}

void StreamSeries::placeBack(double end, double step)
{
    for (const Piece &piece : m_pieces) {
        const quint64 from = std::max(piece.number, m_store.begin());
        const quint64 to = piece.number + piece.count;
        if (from >= to)
            continue;
        const quint64 position = piece.position + (from - piece.number);
        m_store.setX(from, to, end - static_cast<double>(m_next - 1 - position) * step, step);
    }
}

void StreamSeries::drop(const PlotView &view)
{
    m_now = view.toX(wallClock()) + m_lead;
    if (!m_store.isEmpty())
        m_now = std::max(m_now, m_store.x(m_store.end() - 1));
    dropOld();
}

void StreamSeries::dropOld()
{
    // A bit more than is shown, so that what is in view does not change.
    if (m_setup.timeSpan > 0)
        m_store.dropBefore(m_now - m_setup.timeSpan * 1.05);
}

PlotView::Range StreamSeries::xRange(const PlotView &) const
{
    if (m_store.isEmpty())
        return {NoNumber, NoNumber};
    if (m_setup.timeSpan > 0)
        return {m_now - m_setup.timeSpan, m_now};
    return {m_store.x(m_store.begin()), m_store.x(m_store.end() - 1)};
}

bool StreamSeries::reduce(const PlotWindow &window, PlotCurve *curve)
{
    m_store.reduce(window, curve);
    return !m_isUnfinished;
}

bool StreamSeries::isScrolling() const
{
    return m_setup.timeSpan > 0 && !m_isPaused && !m_store.isEmpty();
}

bool StreamSeries::isInView(const PlotWindow &window) const
{
    return !m_store.isEmpty() && m_store.x(m_store.end() - 1) >= window.from();
}

bool StreamSeries::adopt(const SeriesSetup &setup)
{
    SeriesSetup other = setup;
    other.first = m_setup.first;
    other.count = m_setup.count;
    other.timeSpan = m_setup.timeSpan;
    // More than is kept comes from the segment again, if it has it still: but not the times of elements that were placed as they came.
    const bool isPlaced = hasTimes() && !m_setup.times.hasField() && m_setup.sampleRate() == 0;
    const bool isLess = setup.timeSpan > 0 ? isPlaced || setup.timeSpan <= m_setup.timeSpan : m_setup.timeSpan == 0;
    const bool isFewer = setup.count >= 0 ? m_setup.count < 0 || setup.count <= m_setup.count : m_setup.count < 0;
    if (!(other == m_setup) || !isLess || !isFewer)
        return false;
    m_setup = setup;
    m_isMemoryErrorReported = false;
    dropOld();
    if (m_setup.count >= 0)
        m_store.keepLast(m_setup.count);
    return true;
}
