// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "frames.h"

#include "../os/atomic.h"
#include "copy.h"

#include <bit>

namespace sharedsegment::segment {

namespace {

constexpr int ReadTries = 3;
/// A writer that never pauses gets round all frames of a few KiB within a microsecond. Further tries cost little as long as a read
/// is short: so many, and no more than copy so many bytes together.
constexpr int ShortReadTries = 64;
constexpr std::size_t TriedBytes = 1 << 20;

} // namespace

Frames::Frames(std::byte *memory, const Geometry &geometry)
    : m_header(reinterpret_cast<MemoryHeader *>(memory))
    , m_payload(memory + geometry.payloadOffset)
    , m_stride(geometry.frameStride)
    , m_size(geometry.payloadSize)
    , m_count(geometry.frameCount)
    , m_isPowerOfTwo(std::has_single_bit(geometry.frameCount))
{
}

std::uint64_t Frames::indexOf(std::uint64_t revision) const
{
    // A division may take longer than all the rest of reading a few bytes.
    return m_isPowerOfTwo ? revision & (m_count - 1) : revision % m_count;
}

FrameEntry &Frames::entryOf(std::uint64_t revision) const
{
    return m_header->frames[indexOf(revision)];
}

std::span<std::byte> Frames::bytesOf(std::uint64_t revision) const
{
    return {m_payload + indexOf(revision) * m_stride, static_cast<std::size_t>(m_size)};
}

std::uint64_t Frames::revision() const
{
    return os::loadAcquire(m_header->revision);
}

bool Frames::isWhole() const
{
    const std::uint64_t newest = revision();
    return os::loadAcquire(entryOf(newest).sequence) == 2 * newest;
}

std::int64_t Frames::stamp() const
{
    for (int i = 0; i < ReadTries; ++i) {
        const std::uint64_t newest = revision();
        const FrameEntry &entry = entryOf(newest);
        if (os::loadAcquire(entry.sequence) != 2 * newest)
            continue;
        const std::int64_t stamp = os::loadRelaxed(entry.stamp);
        os::fenceAcquire();
        if (os::loadRelaxed(entry.sequence) == 2 * newest)
            return stamp;
    }
    return 0;
}

bool Frames::read(std::span<std::byte> to, std::uint64_t offset, Stamp *stamp) const
{
    std::size_t copied = 0;
    for (int i = 0; i < ReadTries || (i < ShortReadTries && copied < TriedBytes); ++i) {
        const std::uint64_t newest = revision();
        const FrameEntry &entry = entryOf(newest);
        if (os::loadAcquire(entry.sequence) != 2 * newest)
            continue;
        copyShared(to.data(), bytesOf(newest).data() + offset, to.size());
        copied += to.size();
        const std::int64_t nanoseconds = os::loadRelaxed(entry.stamp);
        os::fenceAcquire();
        if (os::loadRelaxed(entry.sequence) != 2 * newest)
            continue;
        *stamp = {newest, nanoseconds};
        return true;
    }
    return false;
}

void Frames::recover()
{
    const std::uint64_t next = revision() + 1;
    if (os::loadAcquire(entryOf(next).sequence) == 2 * next)
        os::storeRelease(m_header->revision, next);
}

std::span<std::byte> Frames::begin()
{
    const std::uint64_t newest = revision();
    os::storeRelaxed(entryOf(newest + 1).sequence, 2 * newest + 1);
    os::fenceRelease();
    return bytesOf(newest + 1);
}

std::uint64_t Frames::publish(std::int64_t stamp)
{
    const std::uint64_t next = revision() + 1;
    FrameEntry &entry = entryOf(next);
    os::storeRelaxed(entry.stamp, stamp);
    os::storeRelease(entry.sequence, 2 * next);
    os::storeRelease(m_header->revision, next);
    return next;
}

} // namespace sharedsegment::segment
