// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "expect.h"

#include "engine/buffers.h"
#include "engine/fnv.h"
#include "engine/geometry.h"
#include "engine/ringbuffer.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <vector>

using namespace sharedsegment;

namespace {

/// Every buffer, whichever the header calls the newest.
void readArray(std::span<std::byte> memory, const engine::Geometry &geometry)
{
    const engine::Buffers buffers(memory.data(), geometry);
    std::vector<std::byte> bytes(geometry.payloadSize);
    RevisionInfo info;
    auto *const live = reinterpret_cast<engine::MemoryHeader *>(memory.data());
    for (std::uint64_t revision = live->revision, i = 0; i < geometry.bufferCount; ++i) {
        live->revision = revision + i;
        engine::BufferEntry &entry = live->buffers[live->revision % geometry.bufferCount];
        entry.sequence = 2 * live->revision;
        const bool isPossible = geometry.kind == engine::Kind::FixedArray || entry.count <= geometry.capacity;
        EXPECT(isPossible == buffers.read(bytes, 0, &info));
        entry.count = std::min(entry.count, geometry.capacity);
        EXPECT(buffers.read(bytes, 0, &info) && info.number == live->revision);
    }
}

/// From any position on, and after any.
void useStream(std::span<std::byte> memory, const engine::Geometry &geometry)
{
    engine::RingBuffer elements(memory.data(), geometry);
    auto *const live = reinterpret_cast<engine::MemoryHeader *>(memory.data());
    const std::uint64_t position = elements.position();
    const std::uint64_t capacity = geometry.capacity;
    EXPECT(elements.oldest() <= position && position - elements.oldest() <= capacity);
    EXPECT(elements.newest().size() <= geometry.payloadSize);
    static_cast<void>(elements.timestamp());
    // As large as what they hold, so that the sanitizer sees every byte past their ends.
    for (const std::uint64_t count : {std::uint64_t(1), capacity, 2 * capacity}) {
        std::vector<std::byte> bytes(count * elements.elementSize());
        for (const std::uint64_t from :
             {std::uint64_t(0), position / 2, position - 1, position, position + 1, live->reservedPosition,
              live->reservedPosition - capacity, live->buffers[0].sequence}) {
            const engine::RingBuffer::Read read = elements.read(from, bytes);
            EXPECT(read.count <= std::min(count, capacity) && read.end() <= position);
            EXPECT(read.first - read.lost == std::min(from, position));
        }
    }
    // What is appended after any position can be read, unless numbers wrap, or a writer died far ahead.
    std::vector<std::byte> more(geometry.payloadSize, std::byte('+'));
    const std::uint64_t after = elements.append(more, {1});
    if (after < capacity || live->reservedPosition != after)
        return;
    std::vector<std::byte> bytes(geometry.payloadSize);
    const engine::RingBuffer::Read read = elements.read(position, bytes);
    EXPECT(read.count == capacity && read.lost == 0 && bytes == more && elements.timestamp() == 1);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < sizeof(engine::MemoryHeader))
        return 0;
    // Exactly as large as a kernel's object would be, so that the sanitizer sees every byte past its end.
    const std::size_t memorySize = std::max<std::size_t>(size, engine::PayloadAlignment);
    std::vector<std::byte> memory(memorySize);
    std::memcpy(memory.data(), data, size);
    engine::MemoryHeader header;
    std::memcpy(&header, data, sizeof header);
    // The fingerprint of any text that is there: no mutation would hit it, and the code after its check is of interest.
    if (header.layoutBytes <= memorySize - engine::LayoutOffset) {
        header.fingerprint =
            engine::fnv1a64({reinterpret_cast<const char *>(memory.data()) + engine::LayoutOffset, header.layoutBytes});
        std::memcpy(memory.data(), &header, sizeof header);
    }
    // A record that agrees: the value that is compared with cannot be wrong here.
    engine::RecordHeader record = {};
    record.segmentSize = header.segmentSize;
    record.instance = header.instance;
    record.requiredFeatures = header.requiredFeatures;
    record.optionalFeatures = header.optionalFeatures;
    record.kind = header.kind;
    const Result<engine::CheckedHeader> checked = engine::checkHeader(memory, record);
    if (!checked) {
        EXPECT(!checked.error().text.empty());
        return 0;
    }
    const engine::Geometry &geometry = checked->geometry;
    EXPECT(geometry.segmentSize <= memorySize);
    EXPECT(geometry.payloadSize == geometry.capacity * checked->layout.elementSize());
    if (geometry.kind == engine::Kind::Stream)
        useStream(memory, geometry);
    else
        readArray(memory, geometry);
    return 0;
}
