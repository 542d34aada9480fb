// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotdata.h"

#include "../src/core/memorycheck_p.h"
#include "../src/core/reduction_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <utility>

namespace {

// Small enough to stay in the processor's cache between copy and reduction.
constexpr qsizetype PieceBytes = 256 * 1024;
// Maximum bytes per call of read(); takes some milliseconds.
constexpr qint64 BytesPerCall = 128 * 1024 * 1024;
// Restarts after new revisions before the whole range is read in one piece.
constexpr int MostRestarts = 2;

} // namespace

std::optional<quint64> PlotData::read(const SharedSegment &segment, const Request &request)
{
    bool mustReadWhole = false;
    m_isOutOfMemory = false;
    if (m_held)
        abandon();
    std::optional<quint64> revision = m_held ? readHeld(request) : readInPieces(segment, request, &mustReadWhole);
    if (mustReadWhole) {
        abandon();
        revision = readWhole(segment, request);
    }
    if (revision)
        m_columns.swap(m_next);
    return revision;
}

std::byte *PlotData::buffer(qsizetype size)
{
    if (size > m_bufferSize) {
        // Another process chose the size.
        m_buffer.reset();
        if (hasMemoryFor(size))
            m_buffer.reset(new (std::nothrow) std::byte[static_cast<std::size_t>(size)]);
        m_bufferSize = m_buffer ? size : 0;
        m_isOutOfMemory = !m_buffer;
    }
    return m_buffer.get();
}

std::optional<quint64> PlotData::readInPieces(const SharedSegment &segment, const Request &request, bool *mustReadWhole)
{
    if (!m_isUnfinished || !request.isSame(m_pendingRequest)) {
        begin(request);
        m_pendingRequest = request;
        m_position = 0;
        m_restarts = 0;
    }
    m_isUnfinished = true;
    const qint64 step = std::max<qint64>(PieceBytes / request.elementSize, 1);
    for (qint64 left = BytesPerCall; m_position < request.count; left -= step * request.elementSize) {
        if (left <= 0)
            return std::nullopt;
        const qint64 count = std::min(step, request.count - m_position);
        const qsizetype size = static_cast<qsizetype>(count) * request.elementSize;
        std::byte *bytes = buffer(size);
        SharedRevision revision;
        const auto read = bytes ? segment.tryRead({bytes, static_cast<std::size_t>(size)},
                                                  (request.first + m_position) * request.elementSize, &revision)
                                : std::nullopt;
        if (!read || revision.count != request.total) {
            abandon();
            return std::nullopt;
        }
        if (m_position > 0 && *read != m_pendingRevision) {
            *mustReadWhole = request.count * request.elementSize <= BytesPerCall || ++m_restarts > MostRestarts;
            if (*mustReadWhole)
                return std::nullopt;
            begin(request);
            m_position = 0;
            continue;
        }
        m_pendingRevision = *read;
        add(request, bytes, m_position, count);
        m_position += count;
    }
    abandon();
    return m_pendingRevision;
}

std::optional<quint64> PlotData::readWhole(const SharedSegment &segment, const Request &request)
{
    begin(request);
    const qsizetype size = static_cast<qsizetype>(request.count) * request.elementSize;
    std::byte *bytes = buffer(size);
    if (!bytes)
        return std::nullopt;
    SharedRevision revision;
    if (!segment.tryRead({bytes, static_cast<std::size_t>(size)}, request.first * request.elementSize, &revision)
        || revision.count != request.total)
        return std::nullopt;
    add(request, bytes, 0, request.count);
    return revision.number;
}

void PlotData::hold(const SharedSegment &segment)
{
    if (m_held)
        return;
    const auto size = static_cast<std::size_t>(segment.size());
    std::unique_ptr<std::byte[]> bytes;
    if (segment.size() <= MostBytes && hasMemoryFor(segment.size()))
        bytes.reset(new (std::nothrow) std::byte[size]);
    m_isOutOfMemory = !bytes;
    if (!bytes)
        return;
    if (segment.tryRead({bytes.get(), size}, 0, &m_heldRevision))
        m_held = std::move(bytes);
}

std::optional<quint64> PlotData::readHeld(const Request &request)
{
    begin(request);
    add(request, m_held.get() + static_cast<qsizetype>(request.first) * request.elementSize, 0, request.count);
    return m_heldRevision.number;
}

void PlotData::begin(const Request &request)
{
    m_next.assign(static_cast<std::size_t>(request.columns), PlotColumn());
}

qint64 PlotData::columnOf(const Request &request, qint64 index)
{
    const double column = std::floor((static_cast<double>(index) - request.start) / request.width);
    return static_cast<qint64>(std::clamp(column, 0.0, static_cast<double>(request.columns - 1)));
}

qint64 PlotData::endOf(const Request &request, qint64 column)
{
    const qint64 last = request.first + request.count;
    if (column + 1 >= request.columns)
        return last;
    const double edge = std::ceil(request.start + static_cast<double>(column + 1) * request.width);
    auto end = static_cast<qint64>(std::clamp(edge, static_cast<double>(request.first), static_cast<double>(last)));
    // Rounding differs from that in columnOf().
    while (end < last && columnOf(request, end) <= column)
        ++end;
    while (end > request.first && columnOf(request, end - 1) > column)
        --end;
    return end;
}

void PlotData::add(const Request &request, const std::byte *elements, qint64 first, qint64 count)
{
    const qint64 start = request.first + first;
    const qint64 end = start + count;
    for (qint64 at = start; at < end;) {
        const qint64 column = columnOf(request, at);
        const qint64 stop = std::min(endOf(request, column), end);
        const Reduction found = ::extent(request.field, elements + (at - start) * request.elementSize,
                                         request.elementSize, static_cast<qsizetype>(stop - at));
        m_next[static_cast<std::size_t>(column)].add(found.minimum, found.maximum);
        at = stop;
    }
}
