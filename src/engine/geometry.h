// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "format.h"
#include "kind.h"
#include "layout.h"

#include <span>
#include <string>
#include <string_view>

namespace sharedsegment::engine {

/// The validated sizes and offsets of a segment, in private memory: another process may change the header at any time.
struct Geometry
{
    Kind kind = Kind::FixedArray;
    std::uint64_t segmentSize = 0;
    std::uint64_t capacity = 0;    ///< the most elements of a revision
    std::uint64_t payloadSize = 0; ///< bytes of a revision of that many
    std::uint64_t payloadOffset = 0;
    std::uint64_t bufferStride = 0;
    std::uint32_t bufferCount = 0;
    std::uint32_t requiredFeatures = 0;
    std::uint32_t metadataOffset = 0; ///< 0: none
    std::uint32_t metadataBytes = 0;
    std::uint64_t pid = 0;
    InstanceId instance = {};
    std::int64_t created = 0;

    bool hasMultipleWriters() const { return (requiredFeatures & FeatureMultipleWriters) != 0; }
};

/// The default number of buffers, for a requested number of 0: 4 while four buffers take at most 64 MiB, otherwise 2.
SHAREDSEGMENTENGINE_EXPORT std::uint32_t defaultBufferCount(std::uint64_t payloadSize);

/// What a new segment is to contain.
struct Plan
{
    Kind kind = Kind::FixedArray;
    std::uint64_t capacity = 0;
    std::uint32_t bufferCount = 0; ///< 0: see defaultBufferCount()
    bool multipleWriters = false;
    std::string_view metadata = {};
};

/// Computes the geometry of a new segment. @returns InvalidSize, with the number, when the sizes are impossible; Unsupported when the
/// kind is not one of KnownKinds.
SHAREDSEGMENTENGINE_EXPORT Result<Geometry> plan(const Layout &layout, const Plan &wanted);

/// Fills in the header, the layout text and the metadata of a zero-filled memory.
SHAREDSEGMENTENGINE_EXPORT void writeHeader(std::span<std::byte> memory, const Geometry &geometry, const Layout &layout,
                                            std::string_view metadata);

/// The validated content of a header, in private memory.
struct CheckedHeader
{
    Geometry geometry;
    Layout layout;
    std::string metadata; ///< as it is: any bytes
};

/// Validates the header of a mapped memory against its record. @returns Corrupt or UnsupportedVersion, with the field's
/// name.
SHAREDSEGMENTENGINE_EXPORT Result<CheckedHeader> checkHeader(std::span<const std::byte> memory,
                                                             const RecordHeader &record);

/// Validates a record's first 512 bytes (`bytes` may be fewer). @returns a private copy, or Corrupt or
/// UnsupportedVersion.
SHAREDSEGMENTENGINE_EXPORT Result<RecordHeader> checkRecord(std::span<const std::byte> bytes);

} // namespace sharedsegment::engine
