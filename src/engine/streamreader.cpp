// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "streamreader.h"

#include "ringbuffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sharedsegment::engine {

namespace {

/// The bytes that are copied before it is checked whether they were overwritten meanwhile. A writer that overtakes a
/// long read takes no more than this from it.
constexpr std::uint64_t BytesAtOnce = 128 << 10;

/// The bytes of the elements that fit there, at least of one.
std::size_t wholeElements(const RingBuffer &elements)
{
    return static_cast<std::size_t>(std::max<std::uint64_t>(BytesAtOnce / elements.elementSize(), 1)
                                    * elements.elementSize());
}

} // namespace

StreamReader::StreamReader(std::shared_ptr<Segment> segment)
    : m_segment(std::move(segment))
{
    seekToNewest();
}

void StreamReader::follow(std::shared_ptr<Segment> segment)
{
    m_segment = std::move(segment);
}

void StreamReader::seekToNewest()
{
    m_isAtOldest = false;
    m_position = m_segment ? m_segment->content().ringBuffer()->position() : 0;
}

void StreamReader::seekToOldest()
{
    m_isAtOldest = true;
    m_position = m_segment ? m_segment->content().ringBuffer()->oldest() : 0;
}

void StreamReader::seek(std::uint64_t position)
{
    m_isAtOldest = false;
    m_position = m_segment ? std::min(position, m_segment->content().ringBuffer()->position()) : 0;
}

std::uint64_t StreamReader::position() const
{
    return m_isAtOldest && m_segment ? m_segment->content().ringBuffer()->oldest() : m_position;
}

std::uint64_t StreamReader::available() const
{
    if (!m_segment)
        return 0;
    const RingBuffer &elements = *m_segment->content().ringBuffer();
    const std::uint64_t newest = elements.position();
    const std::uint64_t first = std::max(m_position, elements.oldest());
    return newest > first ? newest - first : 0;
}

RevisionInfo StreamReader::read(std::span<std::byte> to)
{
    if (!m_segment)
        return {};
    const RingBuffer &elements = *m_segment->content().ringBuffer();
    const std::size_t atOnce = to.size() <= BytesAtOnce ? to.size() : wholeElements(elements);
    const bool beginsAtOldest = m_isAtOldest;
    // A writer that is slower than the copy cannot overtake a read of all elements more times than this.
    std::uint64_t restarts =
        beginsAtOldest ? elements.capacity() / std::max<std::uint64_t>(atOnce / elements.elementSize(), 1) + 1 : 0;
    std::uint64_t count = 0;
    std::span<std::byte> rest = to;
    // Without space, too: a caller that waits for another position than its own must not stay at one that is lost.
    do {
        const RingBuffer::Read read = elements.read(m_position, rest.first(std::min(rest.size(), atOnce)));
        const auto size = static_cast<std::size_t>(read.count * elements.elementSize());
        if (count > 0 && (read.lost > 0 || read.count == 0)) {
            // What was lost lies before the elements of one read: it is counted by the next one. But as long as the
            // caller has nothing, these elements are the oldest.
            if (read.count == 0 || restarts == 0)
                break;
            --restarts;
            std::memmove(to.data(), rest.data(), size);
            rest = to;
            count = 0;
        }
        m_position = read.end();
        if (!beginsAtOldest)
            m_lost += read.lost;
        if (read.count == 0)
            break;
        m_isAtOldest = false;
        count += read.count;
        rest = rest.subspan(size);
    } while (rest.size() >= elements.elementSize());
    const RevisionTimes times = elements.timesAt(m_position);
    return {m_position, times.timestamp, count, times.sourceTimestamp};
}

} // namespace sharedsegment::engine
