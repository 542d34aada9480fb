// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/externalmemory.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sharedsegment::segment {

/// The state of a Segment over external memory, in place of a header, buffers and a record: the payload's offset, and a
/// counter of this process's polls and writes, which serves as the revision.
///
/// Owns the handle of the memory. Not consistent: a reader may see half of a write by another process. The counters are
/// atomic; for writing, the Segment's lock serializes the callers.
struct ExternalPayload
{
    ExternalPayload(os::ExternalMemory externalMemory, std::uint64_t payloadOffset)
        : memory(std::move(externalMemory))
        , offset(payloadOffset)
    {
    }

    /// Counts a possible update as a revision. @returns its number.
    std::uint64_t countRevision();

    /// Writes only the elements of `now` that differ from `before`, and so preserves what other processes write to
    /// other elements meanwhile.
    Status writeChanges(std::span<const std::byte> now, std::size_t elementSize);

    os::ExternalMemory memory;
    std::uint64_t offset;
    std::atomic<std::uint64_t> revision = 0;
    std::atomic<std::int64_t> timestamp = 0;
    std::vector<std::byte> before; ///< the content at the start of a transaction
};

} // namespace sharedsegment::segment
