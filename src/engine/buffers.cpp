// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "buffers.h"

#include "copy.h"

#include <algorithm>
#include <bit>
#include <cstring>

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
    , m_capacity(geometry.capacity)
    , m_elementSize(geometry.payloadSize / geometry.capacity)
    , m_bufferCount(geometry.bufferCount)
    , m_isPowerOfTwo(std::has_single_bit(geometry.bufferCount))
    , m_isVariable(geometry.kind == Kind::VariableArray)
{
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
        const std::uint64_t index = indexOf(newest);
        const BufferEntry &entry = entryAt(index);
        if (os::loadAcquire(entry.sequence) != 2 * newest)
            continue;
        const std::uint64_t count = countOf(entry);
        if (count > m_capacity)
            continue;
        std::size_t size = to.size();
        if (m_isVariable) {
            const std::uint64_t end = count * m_elementSize;
            size = offset < end ? static_cast<std::size_t>(std::min<std::uint64_t>(size, end - offset)) : 0;
        }
        copyShared(to.data(), bytesAt(index).data() + offset, size);
        copied += size;
        const RevisionTimes times{os::loadRelaxed(entry.timestamp), os::loadRelaxed(entry.sourceTimestamp)};
        os::fenceAcquire();
        if (os::loadRelaxed(entry.sequence) != 2 * newest)
            continue;
        *info = {newest, times.timestamp, count, times.sourceTimestamp};
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

void Buffers::start(const Pieces &bytes, const RevisionInfo &revision)
{
    BufferEntry &entry = entryOf(revision.number);
    std::memcpy(bytesOf(revision.number).data(), bytes.first.data(), bytes.first.size());
    entry = {2 * revision.number, revision.timestamp, revision.count, revision.sourceTimestamp};
    m_header->revision = revision.number;
}

std::span<std::byte> Buffers::newest() const
{
    const std::uint64_t index = indexOf(revision());
    const std::uint64_t count = std::min(countOf(entryAt(index)), m_capacity);
    return bytesAt(index).first(static_cast<std::size_t>(count * m_elementSize));
}

} // namespace sharedsegment::engine
