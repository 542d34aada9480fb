// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "geometry.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sharedsegment::segment {

struct Stamp
{
    std::uint64_t revision = 0;
    std::int64_t nanoseconds = 0; ///< since 1970 UTC
};

/// The frames of a mapped segment and the protocol by which revisions pass through them: a sequence lock for each frame.
/// (H. Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012.)
///
/// A view: owns nothing. Reading is safe from any thread and process; writing is for one at a time, who holds the lock.
class Frames
{
public:
    Frames() = default;
    Frames(std::byte *memory, const Geometry &geometry);

    /// The newest revision published.
    std::uint64_t revision() const;

    /// When the newest revision was published; 0 if that cannot be told just now.
    std::int64_t stamp() const;

    /// Copies bytes of the newest revision. `offset` and the size must lie within the payload.
    /// @returns false when the writer was in the way each time, 3 times or 16 up to 64 KiB; then `to` holds no value.
    bool read(std::span<std::byte> to, std::uint64_t offset, Stamp *stamp) const;

    /// Whether the newest revision is whole: only with one frame can it be interrupted.
    bool isWhole() const;

    // For the writer.

    /// Makes up for a writer that died: its revision counts if it was complete.
    void recover();
    /// Opens the frame of the next revision to writing. @returns its bytes, whatever they hold.
    std::span<std::byte> begin();
    /// Publishes what was written since begin(). @returns the new revision.
    std::uint64_t publish(std::int64_t stamp);

    /// The bytes of the newest revision, for the writer alone, who keeps them from changing.
    std::span<std::byte> newest() const { return bytesOf(revision()); }

private:
    std::uint64_t indexOf(std::uint64_t revision) const;
    FrameEntry &entryOf(std::uint64_t revision) const;
    std::span<std::byte> bytesOf(std::uint64_t revision) const;

    MemoryHeader *m_header = nullptr;
    std::byte *m_payload = nullptr;
    std::uint64_t m_stride = 0;
    std::uint64_t m_size = 0;
    std::uint32_t m_count = 1;
    bool m_isPowerOfTwo = true;
};

} // namespace sharedsegment::segment
