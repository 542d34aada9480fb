// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "append.h"

#include "ringbuffer.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

namespace sharedsegment::engine {

namespace {

/// The most bytes of one append to the memory.
std::size_t pieceOf(const RingBuffer &elements, std::size_t bytes)
{
    const std::uint64_t whole = elements.capacity() * elements.elementSize();
    if (bytes <= whole)
        return bytes;
    return static_cast<std::size_t>(std::max<std::uint64_t>(elements.capacity() / 4, 1) * elements.elementSize());
}

Error noStream(const Segment &segment)
{
    return {ErrorCode::InvalidState,
            '"' + segment.name() + "\" is an array, to which nothing can be appended; publish it whole"};
}

Error tooManyAtOnce(const Segment &segment, std::size_t bytes)
{
    return {ErrorCode::InvalidSize, '"' + segment.name() + "\" has multiple writers and takes at most "
                                        + segment.view().amount(segment.geometry().payloadSize) + " at once, not "
                                        + segment.view().amount(bytes)
                                        + "; append fewer, or have it created with a larger capacity"};
}

} // namespace

Result<std::uint64_t> append(Segment &segment, std::span<const std::byte> bytes, os::Wait wait)
{
    return appendMirrored(segment, bytes, {}, wait);
}

Result<std::uint64_t> appendMirrored(Segment &segment, std::span<const std::byte> bytes, const RevisionTimes &times,
                                     os::Wait wait)
{
    RingBuffer *const elements = segment.content().ringBuffer();
    if (!elements)
        return noStream(segment);
    if (Status accepted = segment.content().checkSize(bytes.size()); !accepted)
        return accepted.error();
    if (bytes.size() > segment.geometry().payloadSize && segment.geometry().hasMultipleWriters())
        return tooManyAtOnce(segment, bytes.size());
    PublishLock lock;
    if (Status locked = lock.acquire(segment.publisher(), wait); !locked)
        return locked.error();
    const std::size_t most = pieceOf(*elements, bytes.size());
    std::uint64_t position = elements->position();
    while (!bytes.empty()) {
        const std::size_t size = std::min(most, bytes.size());
        position = elements->append(bytes.first(size), times.orNow());
        segment.publisher().announce();
        bytes = bytes.subspan(size);
    }
    return position;
}

Result<std::uint64_t> skip(Segment &segment, std::uint64_t count, os::Wait wait)
{
    RingBuffer *const elements = segment.content().ringBuffer();
    if (!elements)
        return noStream(segment);
    if (segment.geometry().hasMultipleWriters())
        return Error{ErrorCode::InvalidState,
                     '"' + segment.name()
                         + "\" has multiple writers, of which none can skip elements; have it created with one writer"};
    PublishLock lock;
    if (Status locked = lock.acquire(segment.publisher(), wait); !locked)
        return locked.error();
    const std::uint64_t position = elements->position();
    const std::uint64_t end = std::numeric_limits<std::int64_t>::max() - elements->capacity();
    if (count > end - std::min(position, end))
        return Error{ErrorCode::InvalidSize, '"' + segment.name() + "\" cannot skip " + std::to_string(count)
                                                 + " elements after " + std::to_string(position)
                                                 + ": positions end at 2^63; create it anew"};
    if (count == 0)
        return position;
    const std::uint64_t after = elements->skip(count);
    segment.publisher().announce();
    return after;
}

} // namespace sharedsegment::engine
