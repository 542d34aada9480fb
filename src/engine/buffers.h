// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "geometry.h"
#include "pieces.h"
#include "revisioninfo.h"
#include "revisiontimes.h"

#include "../os/atomic.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sharedsegment::engine {

/// The buffers of a mapped segment and the protocol that publishes revisions in them: *multi-buffering* with a
/// *seqlock* (sequence lock) for each buffer. (H. Boehm, "Can seqlocks get along with programming language memory
/// models?", MSPC 2012.)
///
/// A view: does not own the memory, which must outlive it. Reading is safe from any thread and process. Writing is for
/// one thread at a time, which must hold the writers' lock.
class SHAREDSEGMENTENGINE_EXPORT Buffers
{
public:
    Buffers() = default;
    Buffers(std::byte *memory, const Geometry &geometry);

    /// The number of the newest published revision.
    std::uint64_t revision() const { return os::loadAcquire(m_header->revision); }

    /// The publication time of the newest revision; 0 when a writer interferes with each attempt to read it.
    std::int64_t timestamp() const;

    /// Copies bytes of the newest revision. `offset` and the size must lie within the payload; where the revision has fewer
    /// elements, the bytes behind its last one stay as they are.
    /// @param info receives the revision, with its number of elements
    /// @returns false when a writer interfered with each attempt: 3 attempts, for short reads up to 64; then the
    /// content of `to` is undefined.
    bool read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const;

    /// Whether the newest revision is complete. Only with one buffer can a writer leave it incomplete.
    bool isWhole() const;

    // For the holder of the writers' lock:

    /// Repairs the state after a writer died: publishes its revision if it was complete.
    void recover();
    /// Opens the next revision's buffer for writing. Readers keep the newest revision until publish(); with a single
    /// buffer their reads fail until then. @returns the buffer, for as many elements as fit, with arbitrary content.
    std::span<std::byte> begin()
    {
        const std::uint64_t newest = revision();
        const std::uint64_t index = indexOf(newest + 1);
        os::storeRelaxed(entryAt(index).sequence, 2 * newest + 1);
        os::fenceRelease();
        return bytesAt(index);
    }
    /// Publishes the buffer of the last begin() with its first `count` elements. @returns the new revision.
    std::uint64_t publish(const RevisionTimes &times, std::uint64_t count)
    {
        const std::uint64_t next = revision() + 1;
        BufferEntry &entry = entryOf(next);
        os::storeRelaxed(entry.timestamp, times.timestamp);
        os::storeRelaxed(entry.count, count);
        os::storeRelaxed(entry.sourceTimestamp, times.sourceTimestamp);
        os::storeRelease(entry.sequence, 2 * next);
        os::storeRelease(m_header->revision, next);
        return next;
    }

    /// Makes `bytes` the newest revision of a memory that has none, as if all revisions before it had been published here.
    /// Only for the owner, before the segment is published.
    void start(const Pieces &bytes, const RevisionInfo &revision);

    /// The newest revision's elements. Only for the writer, which prevents changes by holding the lock.
    std::span<std::byte> newest() const;

private:
    std::uint64_t indexOf(std::uint64_t revision) const
    {
        // A division may take longer than the rest of a read of a few bytes.
        return m_isPowerOfTwo ? revision & (m_bufferCount - 1) : revision % m_bufferCount;
    }
    BufferEntry &entryAt(std::uint64_t index) const { return m_header->buffers[index]; }
    BufferEntry &entryOf(std::uint64_t revision) const { return entryAt(indexOf(revision)); }
    std::span<std::byte> bytesAt(std::uint64_t index) const
    {
        return {m_payload + index * m_stride, static_cast<std::size_t>(m_size)};
    }
    std::span<std::byte> bytesOf(std::uint64_t revision) const { return bytesAt(indexOf(revision)); }
    /// The number of elements that an entry states; of a fixed array, always the capacity.
    std::uint64_t countOf(const BufferEntry &entry) const
    {
        return m_isVariable ? os::loadRelaxed(entry.count) : m_capacity;
    }

    MemoryHeader *m_header = nullptr;
    std::byte *m_payload = nullptr;
    std::uint64_t m_stride = 0;
    std::uint64_t m_size = 0; ///< of a revision of `m_capacity` elements
    std::uint64_t m_capacity = 0;
    std::uint64_t m_elementSize = 0;
    std::uint32_t m_bufferCount = 1;
    bool m_isPowerOfTwo = true;
    bool m_isVariable = false;
};

} // namespace sharedsegment::engine
