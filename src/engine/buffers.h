// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "geometry.h"
#include "revisioninfo.h"

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
    std::uint64_t revision() const;

    /// The publication time of the newest revision; 0 when a writer interferes with each attempt to read it.
    std::int64_t timestamp() const;

    /// Copies bytes of the newest revision. `offset` and the size must lie within the payload.
    /// @returns false when a writer interfered with each attempt: 3 attempts, for short reads up to 64; then the
    /// content of `to` is undefined.
    bool read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const;

    /// Whether the newest revision is complete. Only with one buffer can a writer leave it incomplete.
    bool isWhole() const;

    // For the holder of the writers' lock:

    /// Repairs the state after a writer died: publishes its revision if it was complete.
    void recover();
    /// Opens the next revision's buffer for writing. Readers keep the newest revision until publish(); with a single
    /// buffer their reads fail until then. @returns the buffer, with arbitrary content.
    std::span<std::byte> begin();
    /// Publishes the buffer of the last begin(). @returns the new revision.
    std::uint64_t publish(std::int64_t timestamp);

    /// The newest revision's bytes. Only for the writer, which prevents changes by holding the lock.
    std::span<std::byte> newest() const { return bytesOf(revision()); }

private:
    std::uint64_t indexOf(std::uint64_t revision) const;
    BufferEntry &entryOf(std::uint64_t revision) const;
    std::span<std::byte> bytesOf(std::uint64_t revision) const;

    MemoryHeader *m_header = nullptr;
    std::byte *m_payload = nullptr;
    std::uint64_t m_stride = 0;
    std::uint64_t m_size = 0;
    std::uint32_t m_count = 1;
    bool m_isPowerOfTwo = true;
};

} // namespace sharedsegment::engine
