// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "geometry.h"

#include "../os/memory.h"
#include "copy.h"
#include "errors.h"
#include "name.h"

#include <cstring>
#include <limits>

namespace sharedsegment::engine {

namespace {

constexpr std::uint64_t FourBuffersUpTo = 64ull << 20;
// Every size must fit into the signed offsets of system calls.
constexpr std::uint64_t LargestSize = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

bool multiply(std::uint64_t a, std::uint64_t b, std::uint64_t *product)
{
    if (b != 0 && a > LargestSize / b)
        return false;
    *product = a * b;
    return true;
}

bool roundUp(std::uint64_t value, std::uint64_t alignment, std::uint64_t *rounded)
{
    if (value > LargestSize - (alignment - 1))
        return false;
    *rounded = (value + alignment - 1) / alignment * alignment;
    return true;
}

/// Where the metadata begins: where the layout text ends, rounded up.
std::uint32_t metadataOffsetOf(std::uint32_t layoutBytes)
{
    return (LayoutOffset + layoutBytes + MetadataAlignment - 1) / MetadataAlignment * MetadataAlignment;
}

/// Where what describes the content ends: layout text and metadata.
std::uint64_t endOfDescription(const Geometry &geometry, std::uint32_t layoutBytes)
{
    return geometry.metadataBytes != 0 ? std::uint64_t(geometry.metadataOffset) + geometry.metadataBytes
                                       : std::uint64_t(LayoutOffset) + layoutBytes;
}

bool completeSizes(Geometry *geometry, std::uint32_t elementSize, std::uint32_t layoutBytes)
{
    std::uint64_t buffers = 0;
    if (!multiply(geometry->capacity, elementSize, &geometry->payloadSize)
        || !roundUp(geometry->payloadSize, BufferAlignment, &geometry->bufferStride)
        || !multiply(geometry->bufferStride, geometry->bufferCount, &buffers)
        || !roundUp(endOfDescription(*geometry, layoutBytes), PayloadAlignment, &geometry->payloadOffset)
        || buffers > LargestSize - geometry->payloadOffset)
        return false;
    geometry->segmentSize = geometry->payloadOffset + buffers;
    return geometry->segmentSize <= std::numeric_limits<std::size_t>::max();
}

Error corrupt(const char *field)
{
    return {ErrorCode::Corrupt,
            std::string("the segment's header is damaged: ") + field + "; have its owner create it again"};
}

Error corruptRecord(const char *field)
{
    return {ErrorCode::Corrupt,
            std::string("the segment's record is damaged: ") + field + "; have its owner create it again"};
}

Error unsupportedVersion(const char *what, std::uint32_t version)
{
    return {ErrorCode::UnsupportedVersion, std::string("the segment's ") + what + " has format version "
                                               + std::to_string(version) + ", this library reads version "
                                               + std::to_string(FormatVersion)
                                               + "; use the same version on both sides"};
}

Error unsupported(const std::string &what)
{
    return {ErrorCode::UnsupportedVersion,
            "the segment has " + what + ", which this library does not know; use the newer version of both"};
}

/// Features that this library implements.
constexpr std::uint32_t KnownFeatures = FeatureMultipleWriters;

} // namespace

std::uint32_t defaultBufferCount(std::uint64_t payloadSize)
{
    return payloadSize <= FourBuffersUpTo / 4 ? 4 : 2;
}

Result<Geometry> plan(const Layout &layout, const Plan &wanted)
{
    Geometry geometry;
    geometry.kind = wanted.kind;
    geometry.capacity = wanted.capacity;
    geometry.requiredFeatures = wanted.multipleWriters ? FeatureMultipleWriters : 0;
    std::uint64_t payload = 0;
    if (!isKnown(wanted.kind))
        return Error{ErrorCode::Unsupported, "this library creates no content of kind "
                                                 + std::to_string(static_cast<std::uint32_t>(wanted.kind))
                                                 + "; use an array of fixed or of variable count, or a stream"};
    if (wanted.capacity == 0)
        return errors::noElements(0);
    if (wanted.bufferCount > MaximumBuffers)
        return errors::tooManyBuffers(wanted.bufferCount);
    if (wanted.kind == Kind::Stream && wanted.bufferCount > 1)
        return Error{ErrorCode::InvalidSize,
                     "a stream has one buffer, not " + std::to_string(wanted.bufferCount) + "; give 1, or 0"};
    if (wanted.metadata.size() > MaximumMetadataBytes)
        return Error{ErrorCode::InvalidSize, "metadata of " + std::to_string(wanted.metadata.size())
                                                 + " bytes is not possible; give at most 1 MiB"};
    const auto layoutBytes = static_cast<std::uint32_t>(layout.text().size());
    geometry.metadataBytes = static_cast<std::uint32_t>(wanted.metadata.size());
    geometry.metadataOffset = geometry.metadataBytes != 0 ? metadataOffsetOf(layoutBytes) : 0;
    const bool fits = multiply(wanted.capacity, layout.elementSize(), &payload);
    geometry.bufferCount = wanted.kind == Kind::Stream ? 1
                         : wanted.bufferCount == 0     ? defaultBufferCount(payload)
                                                       : wanted.bufferCount;
    if (!fits || !completeSizes(&geometry, layout.elementSize(), layoutBytes))
        return Error{ErrorCode::InvalidSize,
                     std::to_string(wanted.capacity) + " elements of " + std::to_string(layout.elementSize())
                         + " bytes are more than a machine can address; give a smaller capacity"};
    return geometry;
}

void writeHeader(std::span<std::byte> memory, const Geometry &geometry, const Layout &layout, std::string_view metadata)
{
    MemoryHeader header = {};
    std::memcpy(header.magic, MemoryMagic, sizeof header.magic);
    header.version = FormatVersion;
    header.payloadOffset = static_cast<std::uint32_t>(geometry.payloadOffset);
    header.segmentSize = geometry.segmentSize;
    header.capacity = geometry.capacity;
    header.elementSize = layout.elementSize();
    header.elementAlignment = layout.elementAlignment();
    header.layoutOffset = LayoutOffset;
    header.layoutBytes = static_cast<std::uint32_t>(layout.text().size());
    header.fingerprint = layout.fingerprint();
    header.bufferCount = geometry.bufferCount;
    header.requiredFeatures = geometry.requiredFeatures;
    header.bufferStride = geometry.bufferStride;
    header.pid = geometry.pid;
    header.instance = geometry.instance;
    header.created = geometry.created;
    header.kind = static_cast<std::uint32_t>(geometry.kind);
    header.metadataOffset = geometry.metadataOffset;
    header.metadataBytes = geometry.metadataBytes;
    header.buffers[0].count = geometry.kind == Kind::FixedArray ? geometry.capacity : 0;
    std::memcpy(memory.data(), &header, sizeof header);
    std::memcpy(memory.data() + LayoutOffset, layout.text().data(), layout.text().size());
    if (!metadata.empty())
        std::memcpy(memory.data() + geometry.metadataOffset, metadata.data(), metadata.size());
}

Result<CheckedHeader> checkHeader(std::span<const std::byte> memory, const RecordHeader &record)
{
    if (memory.size() < PayloadAlignment)
        return corrupt("too short");
    MemoryHeader header;
    copyShared(reinterpret_cast<std::byte *>(&header), memory.data(), sizeof header);
    if (std::memcmp(header.magic, MemoryMagic, sizeof header.magic) != 0)
        return corrupt("magic");
    if (header.version != FormatVersion)
        return unsupportedVersion("header", header.version);
    if (header.segmentSize != record.segmentSize || header.segmentSize > memory.size())
        return corrupt("segment size");
    if (header.instance != record.instance)
        return corrupt("instance id");
    if ((header.requiredFeatures & ~KnownFeatures) != 0)
        return unsupported("required features " + std::to_string(header.requiredFeatures));
    if (!isKnown(static_cast<Kind>(header.kind)))
        return unsupported("content of kind " + std::to_string(header.kind));
    if (header.requiredFeatures != record.requiredFeatures)
        return corrupt("required features");
    if (header.kind != record.kind)
        return corrupt("kind");
    if (header.layoutOffset != LayoutOffset)
        return corrupt("layout text offset");
    if (header.layoutBytes == 0 || header.layoutBytes > MaximumLayoutBytes
        || header.layoutBytes > memory.size() - LayoutOffset)
        return corrupt("layout text bytes");
    if (header.bufferCount == 0 || header.bufferCount > MaximumBuffers
        || (header.kind == static_cast<std::uint32_t>(Kind::Stream) && header.bufferCount != 1))
        return corrupt("buffer count");
    if (header.capacity == 0)
        return corrupt("capacity");
    if (header.elementSize == 0)
        return corrupt("element size");
    const std::uint32_t metadataOffset = header.metadataBytes != 0 ? metadataOffsetOf(header.layoutBytes) : 0;
    if (header.metadataOffset != metadataOffset)
        return corrupt("metadata offset");
    if (header.metadataBytes > MaximumMetadataBytes || header.metadataBytes > memory.size() - metadataOffset)
        return corrupt("metadata bytes");

    std::string text(header.layoutBytes, '\0');
    copyShared(reinterpret_cast<std::byte *>(text.data()), memory.data() + LayoutOffset, text.size());
    Result<Layout> layout = Layout::parse(text);
    if (!layout || layout->text() != text)
        return corrupt("layout text");
    if (layout->fingerprint() != header.fingerprint)
        return corrupt("fingerprint");
    if (layout->elementSize() != header.elementSize)
        return corrupt("element size");
    if (layout->elementAlignment() != header.elementAlignment)
        return corrupt("element alignment");

    CheckedHeader checked;
    checked.layout = std::move(*layout);
    Geometry &geometry = checked.geometry;
    geometry.kind = static_cast<Kind>(header.kind);
    geometry.capacity = header.capacity;
    geometry.bufferCount = header.bufferCount;
    geometry.requiredFeatures = header.requiredFeatures;
    geometry.metadataOffset = header.metadataOffset;
    geometry.metadataBytes = header.metadataBytes;
    if (!completeSizes(&geometry, header.elementSize, header.layoutBytes))
        return corrupt("capacity");
    // Gaps between buffers are allowed, overlaps are not.
    const std::uint64_t leastStride = geometry.bufferStride;
    const std::uint64_t leastOffset = geometry.payloadOffset;
    geometry.bufferStride = header.bufferStride;
    geometry.payloadOffset = header.payloadOffset;
    geometry.segmentSize = header.segmentSize;
    std::uint64_t buffers = 0;
    if (header.bufferStride < leastStride || header.bufferStride % BufferAlignment != 0)
        return corrupt("buffer stride");
    if (header.payloadOffset < leastOffset || header.payloadOffset % PayloadAlignment != 0)
        return corrupt("payload offset");
    if (!multiply(header.bufferStride, header.bufferCount, &buffers) || buffers > header.segmentSize
        || header.payloadOffset > header.segmentSize - buffers)
        return corrupt("segment size");
    geometry.pid = header.pid;
    geometry.instance = header.instance;
    geometry.created = header.created;
    checked.metadata.resize(header.metadataBytes);
    copyShared(reinterpret_cast<std::byte *>(checked.metadata.data()), memory.data() + metadataOffset,
               checked.metadata.size());
    return checked;
}

Result<RecordHeader> checkRecord(std::span<const std::byte> bytes)
{
    RecordHeader header = {};
    if (bytes.size() < sizeof header)
        return corruptRecord("too short");
    copyShared(reinterpret_cast<std::byte *>(&header), bytes.data(), sizeof header);
    if (std::memcmp(header.magic, RecordMagic, sizeof header.magic) != 0)
        return corruptRecord("magic");
    if (header.version != FormatVersion)
        return unsupportedVersion("record", header.version);
    if (header.backend < 1 || header.backend > 3)
        return unsupported("the backend " + std::to_string(header.backend));
    if ((header.requiredFeatures & ~KnownFeatures) != 0)
        return unsupported("required features " + std::to_string(header.requiredFeatures));
    if (header.pid == 0 || header.pid > 0x7fffffffu)
        return corruptRecord("pid");
    if (header.backend == 1 && (header.descriptor < 0 || header.descriptor > 0x7fffffff))
        return corruptRecord("descriptor");
    if (header.backend != 1 && header.descriptor != -1)
        return corruptRecord("descriptor");
    if (header.segmentSize < PayloadAlignment || header.segmentSize > LargestSize)
        return corruptRecord("segment size");
    if (header.nameBytes == 0 || header.nameBytes > MaximumNameBytes
        || !checkName(std::string_view(header.name, header.nameBytes)))
        return corruptRecord("name");
    if (header.object[sizeof header.object - 1] != '\0' || (header.backend != 1) != (header.object[0] != '\0'))
        return corruptRecord("name of the kernel object");
    if (header.backend == 1)
        return header;
    // This check ensures that no other object is ever opened or removed on the record's behalf. The name is empty for a
    // backend that this system lacks.
    const std::string object = os::Memory::objectName(static_cast<os::Backend>(header.backend), toHex(header.instance));
    if (!object.empty() && object != header.object)
        return corruptRecord("name of the kernel object");
    return header;
}

} // namespace sharedsegment::engine
