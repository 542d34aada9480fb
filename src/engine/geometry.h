// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "format.h"
#include "layout.h"

#include <span>

namespace sharedsegment::engine {

/// The validated sizes and offsets of a segment, in private memory: another process may change the header at any time.
struct Geometry
{
    std::uint64_t segmentSize = 0;
    std::uint64_t elementCount = 0;
    std::uint64_t payloadSize = 0; ///< bytes of one revision
    std::uint64_t payloadOffset = 0;
    std::uint64_t bufferStride = 0;
    std::uint32_t bufferCount = 0;
    std::uint32_t flags = 0;
    std::uint64_t pid = 0;
    InstanceId instance = {};
    std::int64_t created = 0;

    bool hasMultipleWriters() const { return (flags & FlagMultipleWriters) != 0; }
};

/// The default number of buffers, for a requested number of 0: 4 while four buffers take at most 64 MiB, otherwise 2.
SHAREDSEGMENTENGINE_EXPORT std::uint32_t defaultBufferCount(std::uint64_t payloadSize);

/// Computes the geometry of a new segment. @returns InvalidSize, with the number, when the sizes are impossible.
SHAREDSEGMENTENGINE_EXPORT Result<Geometry> plan(const Layout &layout, std::uint64_t elementCount,
                                                 std::uint32_t bufferCount, bool multipleWriters);

/// Fills in the header of a zero-filled memory.
SHAREDSEGMENTENGINE_EXPORT void writeHeader(std::span<std::byte> memory, const Geometry &geometry,
                                            const Layout &layout);

/// The validated content of a header, in private memory.
struct CheckedHeader
{
    Geometry geometry;
    Layout layout;
};

/// Validates the header of a mapped memory against its record. @returns Corrupt or UnsupportedVersion, with the field's
/// name.
SHAREDSEGMENTENGINE_EXPORT Result<CheckedHeader> checkHeader(std::span<const std::byte> memory,
                                                             const RecordHeader &record);

/// Validates a record's first 512 bytes (`bytes` may be fewer). @returns a private copy, or Corrupt or
/// UnsupportedVersion.
SHAREDSEGMENTENGINE_EXPORT Result<RecordHeader> checkRecord(std::span<const std::byte> bytes);

} // namespace sharedsegment::engine
