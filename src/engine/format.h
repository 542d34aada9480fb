// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/system.h"

#include <cstddef>
#include <cstdint>

/// The binary layout of records and memories, format version 2; src/doc/format.md specifies it. Little-endian only.
namespace sharedsegment::engine {

using os::InstanceId;

inline constexpr std::uint32_t FormatVersion = 2;
inline constexpr char RecordMagic[8] = {'S', 'S', 'R', 'E', 'C', 'O', 'R', 'D'};
inline constexpr char MemoryMagic[8] = {'S', 'S', 'E', 'G', 'M', 'E', 'N', 'T'};
/// Required features: a program that does not know a bit refuses the segment. It ignores unknown optional features.
inline constexpr std::uint32_t FeatureMultipleWriters = 1;
inline constexpr std::uint32_t FeatureGroupAudience = 2; ///< updates touch the record
inline constexpr std::uint32_t MaximumBuffers = 16;
inline constexpr std::size_t RecordSize = 8192;
inline constexpr std::size_t ListenerCount = 112;
inline constexpr std::size_t MaximumNameBytes = 255;
inline constexpr std::uint32_t LayoutOffset = 1024;
inline constexpr std::uint32_t MetadataAlignment = 8;
inline constexpr std::uint32_t MaximumMetadataBytes = 1u << 20;
inline constexpr std::uint32_t MaximumLayoutBytes = 1u << 20;
inline constexpr std::uint32_t PayloadAlignment = 4096;
inline constexpr std::uint32_t BufferAlignment = 64;

/// The first 512 bytes of a record, constant after its publication.
struct RecordHeader
{
    char magic[8];
    std::uint32_t version;
    std::uint32_t backend;
    InstanceId instance;
    std::uint64_t pid;
    std::int64_t descriptor;
    std::uint64_t segmentSize;
    std::uint32_t requiredFeatures;
    std::uint32_t nameBytes;
    char name[256];
    char object[64];
    std::uint32_t optionalFeatures;
    std::uint32_t kind; ///< for programs that only list
    std::byte reserved[120];
};

enum class SlotState : std::uint32_t { Free = 0, Listening = 1, Armed = 2, Claiming = 3 };

/// One listener's slot. The lower half of `word` is the state, the upper half the ticket, a version counter against ABA
/// errors. Both change together, atomically.
struct ListenerSlot
{
    std::uint64_t word;
    std::uint32_t generation;
    std::uint32_t zero;
    std::uint64_t pid;
    std::byte reserved[40];
};

enum class RecordState : std::uint32_t {
    Live = 0,
    Closed = 1,
    Replaced = 2, ///< by the owner itself: find the name again
};

/// A complete record.
struct Record
{
    RecordHeader header;
    std::uint32_t state;
    std::uint32_t armed;
    std::uint8_t updateTouch; ///< written at each update where a group may read: FeatureGroupAudience
    std::byte reserved0[3];
    std::uint32_t source; ///< 0: here; mirrors of another host: 1 reachable, 2 not reachable
    std::byte reserved1[48];
    std::byte writerLock[64];
    std::byte reserved2[384];
    ListenerSlot listeners[ListenerCount];
};

/// The mark: the last four bytes of a record, in the last slot's reserved bytes. A record that was truncated at any
/// place and extended again has lost it. Owners without support for the mark leave zero there.
inline constexpr std::uint32_t RecordMark = 0x4b52414d;
inline std::uint32_t &markOf(Record &record)
{
    constexpr std::size_t Place = sizeof(ListenerSlot::reserved) - sizeof(std::uint32_t);
    return *reinterpret_cast<std::uint32_t *>(record.listeners[ListenerCount - 1].reserved + Place);
}

/// The state of one buffer: its seqlock, its publication time and its number of elements. `sequence` is 2 * r for a
/// complete revision r, and 2 * r - 1 while r is being written.
struct BufferEntry
{
    std::uint64_t sequence;
    std::int64_t timestamp;
    std::uint64_t count;          ///< arrays of variable count: the elements of the revision
    std::int64_t sourceTimestamp; ///< of the host that a mirror mirrors, else 0
};

/// The start of a memory. The layout's text follows at LayoutOffset, then the metadata.
struct MemoryHeader
{
    char magic[8];
    std::uint32_t version;
    std::uint32_t payloadOffset;
    std::uint64_t segmentSize;
    std::uint64_t capacity; ///< the most elements of a revision
    std::uint32_t elementSize;
    std::uint32_t elementAlignment;
    std::uint32_t layoutOffset;
    std::uint32_t layoutBytes;
    std::uint64_t fingerprint;
    std::uint32_t bufferCount;
    std::uint32_t requiredFeatures;
    std::uint64_t bufferStride;
    std::uint64_t pid;
    InstanceId instance;
    std::int64_t created;
    std::uint32_t kind;
    std::uint32_t metadataOffset; ///< 0: none
    std::uint32_t metadataBytes;
    std::uint32_t optionalFeatures;
    std::byte reserved1[8];
    std::uint64_t revision;         ///< of streams: the position
    std::uint64_t reservedPosition; ///< streams
    std::byte reserved2[112];
    BufferEntry buffers[MaximumBuffers];
    std::byte reserved3[256];
};

static_assert(sizeof(RecordHeader) == 512 && offsetof(RecordHeader, object) == 320
              && offsetof(RecordHeader, kind) == 388);
static_assert(sizeof(ListenerSlot) == 64 && sizeof(Record) == RecordSize);
static_assert(offsetof(Record, updateTouch) == 520 && offsetof(Record, source) == 524);
static_assert(offsetof(Record, writerLock) == 576 && offsetof(Record, listeners) == 1024);
static_assert(sizeof(MemoryHeader) == LayoutOffset && offsetof(MemoryHeader, revision) == 128
              && offsetof(MemoryHeader, buffers) == 256 && offsetof(MemoryHeader, instance) == 80
              && offsetof(MemoryHeader, kind) == 104 && offsetof(MemoryHeader, optionalFeatures) == 116
              && sizeof(BufferEntry) == 32);

} // namespace sharedsegment::engine
