// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/foreignmemory.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sharedsegment::segment {

/// What a Segment has instead of a header, frames and a record where the memory is not of our making: bytes from `offset` on, and a
/// count of the times that somebody here has looked again or written.
///
/// No consistency: a reader may see half of what another process is just writing.
struct Foreign
{
    Foreign(os::ForeignMemory foreignMemory, std::uint64_t payloadOffset)
        : memory(std::move(foreignMemory))
        , offset(payloadOffset)
    {
    }

    /// Counts what may be news as a revision. @returns its number.
    std::uint64_t countRevision();

    /// Writes the elements of `now` that differ from `before`, so that what others write elsewhere meanwhile stays.
    Status writeChanges(std::span<const std::byte> now, std::size_t elementSize);

    os::ForeignMemory memory;
    std::uint64_t offset;
    std::atomic<std::uint64_t> revision = 0;
    std::atomic<std::int64_t> stamp = 0;
    std::vector<std::byte> before; ///< what a draft began with
};

} // namespace sharedsegment::segment
