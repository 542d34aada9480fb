// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"
#include "layout.h"

#include <span>

namespace sharedsegment::segment {

/// The measures of a segment, checked and in private memory: the peer may change the header as it likes.
struct Geometry
{
    std::uint64_t segmentSize = 0;
    std::uint64_t elementCount = 0;
    std::uint64_t payloadSize = 0; ///< bytes of one revision
    std::uint64_t payloadOffset = 0;
    std::uint64_t frameStride = 0;
    std::uint32_t frameCount = 0;
    std::uint32_t flags = 0;
    std::uint64_t pid = 0;
    InstanceId instance = {};
    std::int64_t created = 0;

    bool hasManyWriters() const { return (flags & FlagManyWriters) != 0; }
};

/// The number of frames that 0 stands for: 4 while four take at most 64 MiB, else 2.
std::uint32_t defaultFrameCount(std::uint64_t payloadSize);

/// The measures of a new segment. @returns InvalidSize, naming the number, when they cannot be.
Result<Geometry> plan(const Layout &layout, std::uint64_t elementCount, std::uint32_t frameCount, bool manyWriters);

/// Fills in the header of a zero-filled memory.
void writeHeader(std::span<std::byte> memory, const Geometry &geometry, const Layout &layout);

struct CheckedHeader
{
    Geometry geometry;
    Layout layout;
};

/// Checks the header of a mapped memory against its record. @returns Corrupt or UnsupportedVersion, naming the field.
Result<CheckedHeader> checkHeader(std::span<const std::byte> memory, const RecordHeader &record);

/// Checks a record's first 512 bytes (`bytes` may be fewer). @returns the private copy, or Corrupt or UnsupportedVersion.
Result<RecordHeader> checkRecord(std::span<const std::byte> bytes);

} // namespace sharedsegment::segment
