// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "buffers.h"

#include "../os/atomic.h"
#include "copy.h"

#include <bit>

namespace sharedsegment::engine {

namespace {

constexpr int ReadTries = 3;
/// A writer without pauses overwrites all buffers of a few KiB within a microsecond. For short reads, further attempts
/// cost little: up to 64 attempts, as long as they have copied less than 1 MiB in total.
constexpr int ShortReadTries = 64;
constexpr std::size_t TriedBytes = 1 << 20;

} // namespace

Buffers::Buffers(std::byte *memory, const Geometry &geometry)
    : m_header(reinterpret_cast<MemoryHeader *>(memory))
    , m_payload(memory + geometry.payloadOffset)
    , m_stride(geometry.bufferStride)
    , m_size(geometry.payloadSize)
    , m_count(geometry.bufferCount)
    , m_isPowerOfTwo(std::has_single_bit(geometry.bufferCount))
{
}

std::uint64_t Buffers::indexOf(std::uint64_t revision) const
{
    // A division may take longer than the rest of a read of a few bytes.
    return m_isPowerOfTwo ? revision & (m_count - 1) : revision % m_count;
}

BufferEntry &Buffers::entryOf(std::uint64_t revision) const
{
    return m_header->buffers[indexOf(revision)];
}

std::span<std::byte> Buffers::bytesOf(std::uint64_t revision) const
{
    return {m_payload + indexOf(revision) * m_stride, static_cast<std::size_t>(m_size)};
}

std::uint64_t Buffers::revision() const
{
    return os::loadAcquire(m_header->revision);
}

bool Buffers::isWhole() const
{
    const std::uint64_t newest = revision();
    return os::loadAcquire(entryOf(newest).sequence) == 2 * newest;
}

std::int64_t Buffers::timestamp() const
{
    for (int i = 0; i < ReadTries; ++i) {
        const std::uint64_t newest = revision();
        const BufferEntry &entry = entryOf(newest);
        if (os::loadAcquire(entry.sequence) != 2 * newest)
            continue;
        const std::int64_t timestamp = os::loadRelaxed(entry.timestamp);
        os::fenceAcquire();
        if (os::loadRelaxed(entry.sequence) == 2 * newest)
            return timestamp;
    }
    return 0;
}

bool Buffers::read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const
{
    std::size_t copied = 0;
    for (int i = 0; i < ReadTries || (i < ShortReadTries && copied < TriedBytes); ++i) {
        const std::uint64_t newest = revision();
        const BufferEntry &entry = entryOf(newest);
        if (os::loadAcquire(entry.sequence) != 2 * newest)
            continue;
        copyShared(to.data(), bytesOf(newest).data() + offset, to.size());
        copied += to.size();
        const std::int64_t nanoseconds = os::loadRelaxed(entry.timestamp);
        os::fenceAcquire();
        if (os::loadRelaxed(entry.sequence) != 2 * newest)
            continue;
        *info = {newest, nanoseconds};
        return true;
    }
    return false;
}

void Buffers::recover()
{
    const std::uint64_t next = revision() + 1;
    if (os::loadAcquire(entryOf(next).sequence) == 2 * next)
        os::storeRelease(m_header->revision, next);
}

std::span<std::byte> Buffers::begin()
{
    const std::uint64_t newest = revision();
    os::storeRelaxed(entryOf(newest + 1).sequence, 2 * newest + 1);
    os::fenceRelease();
    return bytesOf(newest + 1);
}

std::uint64_t Buffers::publish(std::int64_t timestamp)
{
    const std::uint64_t next = revision() + 1;
    BufferEntry &entry = entryOf(next);
    os::storeRelaxed(entry.timestamp, timestamp);
    os::storeRelease(entry.sequence, 2 * next);
    os::storeRelease(m_header->revision, next);
    return next;
}

} // namespace sharedsegment::engine
