// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "geometry.h"
#include "pieces.h"
#include "revisioninfo.h"
#include "revisiontimes.h"

#include "../os/atomic.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sharedsegment::engine {

/// The elements of a mapped stream and the protocol that appends and reads them: a *broadcast ring buffer* with an exact
/// count of what a reader missed.
///
/// Element number x lies at x % capacity. It can be read as long as x >= reserved - capacity, where `reserved` is the
/// number of elements appended or being appended. A view: does not own the memory, which must outlive it. Reading is
/// safe from any thread and process, and holds up no writer. Appending is for one thread at a time, which must hold the
/// writers' lock.
class SHAREDSEGMENTENGINE_EXPORT RingBuffer
{
public:
    RingBuffer(std::byte *memory, const Geometry &geometry);

    std::uint64_t capacity() const { return m_capacity; }
    std::uint64_t elementSize() const { return m_elementSize; }
    /// The number of elements appended so far: the number of the next one.
    std::uint64_t position() const { return os::loadAcquire(m_header->revision); }
    /// The number of the oldest element that can be read; position() if there is none.
    std::uint64_t oldest() const { return oldestBefore(position()); }
    /// The times of the append that ended at `position`, one of the newest two; zeros if they are unknown.
    RevisionTimes timesAt(std::uint64_t position) const;
    /// The time of the newest append; 0 when writers interfere with each attempt to read it.
    std::int64_t timestamp() const;

    /// What was read.
    struct Read
    {
        std::uint64_t first = 0; ///< the number of the first element read
        std::uint64_t count = 0;
        std::uint64_t lost = 0; ///< elements between the own position and the first, overwritten before they were read
        std::uint64_t end() const { return first + count; }
    };
    /// Copies the elements from number `from` on to the start of `to`, as many as are there and fit. What was
    /// overwritten is skipped.
    Read read(std::uint64_t from, std::span<std::byte> to) const;

    // For the holder of the writers' lock:

    /// Appends elements, at most the capacity. @returns the new position.
    std::uint64_t append(std::span<const std::byte> bytes, const RevisionTimes &times);
    /// Goes on at the element `count` further on: those between never come, and readers count them as lost, with all before
    /// them that they have not read yet. Not with other writers: one that died in this call would have theirs lost, too.
    /// @returns the new position.
    std::uint64_t skip(std::uint64_t count);
    /// All elements that can be read, the oldest first.
    Pieces newest() const;
    /// Makes the newest of `elements` the content of a new memory, as if all before them had been appended here. Only for
    /// the owner, before the segment is published.
    /// @param revision the position after them, and its times
    void start(const Pieces &elements, const RevisionInfo &revision);

private:
    /// An element before the result may have been overwritten, or is being overwritten.
    std::uint64_t oldestBefore(std::uint64_t end) const
    {
        const std::uint64_t reserved = std::max(end, os::loadRelaxed(m_header->reservedPosition));
        return reserved > m_capacity ? std::min(reserved - m_capacity, end) : 0;
    }
    std::uint64_t indexOf(std::uint64_t number) const
    {
        // A division may take longer than the rest of an append of a few bytes.
        return m_isPowerOfTwo ? number & (m_capacity - 1) : number % m_capacity;
    }
    /// The places of elements from number `first` on: up to the end of the memory, and from its start.
    std::array<std::span<std::byte>, 2> placesOf(std::uint64_t first, std::size_t bytes) const;
    void setTimes(std::uint64_t before, std::uint64_t position, const RevisionTimes &times);

    MemoryHeader *m_header;
    std::byte *m_payload;
    std::uint64_t m_capacity;
    std::uint64_t m_elementSize;
    bool m_isPowerOfTwo;
};

} // namespace sharedsegment::engine
