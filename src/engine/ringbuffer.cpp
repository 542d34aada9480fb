// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "ringbuffer.h"

#include "copy.h"

#include <bit>
#include <cstring>

namespace sharedsegment::engine {

namespace {

/// The position of an entry of the table while its timestamp changes.
constexpr std::uint64_t Changing = ~std::uint64_t(0);
/// Attempts to read while a writer without pauses overwrites each time all that is copied.
constexpr int OverwrittenTries = 64;
constexpr int TimestampTries = 3;

} // namespace

RingBuffer::RingBuffer(std::byte *memory, const Geometry &geometry)
    : m_header(reinterpret_cast<MemoryHeader *>(memory))
    , m_payload(memory + geometry.payloadOffset)
    , m_capacity(geometry.capacity)
    , m_elementSize(geometry.payloadSize / geometry.capacity)
    , m_isPowerOfTwo(std::has_single_bit(geometry.capacity))
{
}

std::array<std::span<std::byte>, 2> RingBuffer::placesOf(std::uint64_t first, std::size_t bytes) const
{
    const std::uint64_t at = indexOf(first) * m_elementSize;
    const std::uint64_t untilEnd = m_capacity * m_elementSize - at;
    const std::size_t before = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, untilEnd));
    return {std::span(m_payload + at, before), std::span(m_payload, bytes - before)};
}

RevisionTimes RingBuffer::timesAt(std::uint64_t position) const
{
    for (const BufferEntry &entry : std::span(m_header->buffers).first(2)) {
        if (os::loadAcquire(entry.sequence) != position)
            continue;
        const RevisionTimes times{os::loadRelaxed(entry.timestamp), os::loadRelaxed(entry.sourceTimestamp)};
        os::fenceAcquire();
        if (os::loadRelaxed(entry.sequence) == position)
            return times;
    }
    return {};
}

std::int64_t RingBuffer::timestamp() const
{
    for (int i = 0; i < TimestampTries; ++i) {
        const std::uint64_t newest = position();
        const std::int64_t timestamp = timesAt(newest).timestamp;
        if (timestamp != 0 || newest == 0)
            return timestamp;
    }
    return 0;
}

RingBuffer::Read RingBuffer::read(std::uint64_t from, std::span<std::byte> to) const
{
    const std::uint64_t most = to.size() / m_elementSize;
    std::uint64_t newest = position();
    // A damaged position may be anywhere.
    Read read{std::min(from, newest)};
    const auto skipTo = [&read](std::uint64_t number) {
        if (number > read.first) {
            read.lost += number - read.first;
            read.first = number;
        }
    };
    for (int i = 0; i < OverwrittenTries; ++i, newest = std::max(position(), read.first)) {
        skipTo(oldestBefore(newest));
        const std::uint64_t start = read.first;
        const std::uint64_t end = start + std::min({newest - start, most, m_capacity});
        if (start == end)
            break;
        std::byte *target = to.data();
        for (const std::span<std::byte> place :
             placesOf(start, static_cast<std::size_t>((end - start) * m_elementSize))) {
            copyShared(target, place.data(), place.size());
            target += place.size();
        }
        os::fenceAcquire();
        skipTo(oldestBefore(end));
        read.count = end - read.first;
        if (read.count > 0) {
            if (read.first > start) {
                const std::span<std::byte> whole(to.data(), target);
                std::memmove(to.data(), whole.last(static_cast<std::size_t>(read.count * m_elementSize)).data(),
                             static_cast<std::size_t>(read.count * m_elementSize));
            }
            break;
        }
    }
    return read;
}

std::uint64_t RingBuffer::append(std::span<const std::byte> bytes, const RevisionTimes &times)
{
    const std::uint64_t before = position();
    const std::uint64_t after = before + bytes.size() / m_elementSize;
    os::storeRelaxed(m_header->reservedPosition, std::max(os::loadRelaxed(m_header->reservedPosition), after));
    os::fenceRelease();
    const std::byte *source = bytes.data();
    for (const std::span<std::byte> place : placesOf(before, bytes.size())) {
        copyShared(place.data(), source, place.size());
        source += place.size();
    }
    setTimes(before, after, times);
    os::storeRelease(m_header->revision, after);
    return after;
}

std::uint64_t RingBuffer::skip(std::uint64_t count)
{
    const std::uint64_t before = position();
    const std::uint64_t after = before + count;
    // First: a reader that sees the new position also sees that nothing before it is there.
    os::storeRelaxed(m_header->reservedPosition,
                     std::max(os::loadRelaxed(m_header->reservedPosition), after + m_capacity));
    os::fenceRelease();
    // Nothing has come: the newest time is the one before.
    setTimes(before, after, timesAt(before));
    os::storeRelease(m_header->revision, after);
    return after;
}

void RingBuffer::setTimes(std::uint64_t before, std::uint64_t position, const RevisionTimes &times)
{
    // The other entry keeps the times of the newest append until this one is complete.
    BufferEntry &entry = m_header->buffers[os::loadRelaxed(m_header->buffers[0].sequence) != before ? 0 : 1];
    os::storeRelaxed(entry.sequence, Changing);
    os::fenceRelease();
    os::storeRelaxed(entry.timestamp, times.timestamp);
    os::storeRelaxed(entry.sourceTimestamp, times.sourceTimestamp);
    os::storeRelease(entry.sequence, position);
}

Pieces RingBuffer::newest() const
{
    const std::uint64_t end = position();
    const std::uint64_t first = oldestBefore(end);
    const auto places = placesOf(first, static_cast<std::size_t>((end - first) * m_elementSize));
    return {places[0], places[1]};
}

void RingBuffer::start(const Pieces &elements, const RevisionInfo &revision)
{
    const std::uint64_t count = std::min<std::uint64_t>(elements.size() / m_elementSize, m_capacity);
    const Pieces kept = elements.last(static_cast<std::size_t>(count * m_elementSize));
    std::uint64_t number = revision.number - count;
    for (const std::span<const std::byte> piece : {kept.first, kept.second}) {
        const std::byte *source = piece.data();
        for (const std::span<std::byte> place : placesOf(number, piece.size())) {
            if (!place.empty())
                std::memcpy(place.data(), source, place.size());
            source += place.size();
        }
        number += piece.size() / m_elementSize;
    }
    m_header->buffers[0] = {revision.number, revision.timestamp, 0, revision.sourceTimestamp};
    m_header->reservedPosition = revision.number + m_capacity - count;
    m_header->revision = revision.number;
}

} // namespace sharedsegment::engine
