// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/system.h"

#include <cstddef>
#include <cstdint>

/// The binary layout of records and memories, format version 1; src/doc/format.md specifies it. Little-endian only.
namespace sharedsegment::engine {

using os::InstanceId;

inline constexpr std::uint32_t FormatVersion = 1;
inline constexpr char RecordMagic[8] = {'S', 'S', 'R', 'E', 'C', 'O', 'R', 'D'};
inline constexpr char MemoryMagic[8] = {'S', 'S', 'E', 'G', 'M', 'E', 'N', 'T'};
inline constexpr std::uint32_t FlagMultipleWriters = 1;
inline constexpr std::uint32_t MaximumBuffers = 16;
inline constexpr std::size_t RecordSize = 8192;
inline constexpr std::size_t ListenerCount = 112;
inline constexpr std::size_t MaximumNameBytes = 255;
inline constexpr std::uint32_t LayoutOffset = 512;
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
    std::uint32_t flags;
    std::uint32_t nameBytes;
    char name[256];
    char object[64];
    std::byte reserved[128];
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

enum class RecordState : std::uint32_t { Live = 0, Closed = 1 };

/// A complete record.
struct Record
{
    RecordHeader header;
    std::uint32_t state;
    std::uint32_t armed;
    std::byte reserved1[56];
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

/// The state of one buffer: its seqlock and its publication time. `sequence` is 2 * r for a complete revision r, and
/// 2 * r - 1 while r is being written.
struct BufferEntry
{
    std::uint64_t sequence;
    std::int64_t timestamp;
};

/// The start of a memory. The layout's text follows at LayoutOffset.
struct MemoryHeader
{
    char magic[8];
    std::uint32_t version;
    std::uint32_t payloadOffset;
    std::uint64_t segmentSize;
    std::uint64_t elementCount;
    std::uint32_t elementSize;
    std::uint32_t elementAlignment;
    std::uint32_t layoutOffset;
    std::uint32_t layoutBytes;
    std::uint64_t fingerprint;
    std::uint32_t bufferCount;
    std::uint32_t flags;
    std::uint64_t bufferStride;
    std::uint64_t pid;
    InstanceId instance;
    std::int64_t created;
    std::byte reserved1[24];
    std::uint64_t revision;
    std::byte reserved2[120];
    BufferEntry buffers[MaximumBuffers];
};

static_assert(sizeof(RecordHeader) == 512 && offsetof(RecordHeader, object) == 320);
static_assert(sizeof(ListenerSlot) == 64 && sizeof(Record) == RecordSize);
static_assert(offsetof(Record, writerLock) == 576 && offsetof(Record, listeners) == 1024);
static_assert(sizeof(MemoryHeader) == LayoutOffset && offsetof(MemoryHeader, revision) == 128
              && offsetof(MemoryHeader, buffers) == 256 && offsetof(MemoryHeader, instance) == 80);

} // namespace sharedsegment::engine
