// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Prints the engine's structures and constants as JSON, with the names that src/doc/format.md gives them. tables.py compares.

#include "engine/format.h"
#include "engine/kind.h"
#include "engine/source.h"
#include "os/backend.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <type_traits>

using namespace sharedsegment;
using namespace sharedsegment::engine;

namespace {

/// As the page writes a type: integers by their sign and size, all else as bytes.
template<typename T>
std::string typeName()
{
    if constexpr (std::is_integral_v<T>)
        return (std::is_signed_v<T> ? "i" : "u") + std::to_string(8 * sizeof(T));
    else
        return "u8[" + std::to_string(sizeof(T)) + "]";
}

const char *separator = "";

/// @param kind "field"; "reserved": unnamed bytes; "part": within another field
void print(const char *table, const char *kind, const char *name, std::size_t offset, std::size_t size,
           const std::string &type)
{
    std::printf(R"(%s{"table": "%s", "kind": "%s", "name": "%s", "offset": %zu, "size": %zu, "type": "%s"})", separator,
                table, kind, name, offset, size, type.c_str());
    separator = ",\n";
}

void printValue(const char *field, const char *name, std::uint64_t value)
{
    std::printf(R"(%s{"field": "%s", "name": "%s", "value": %llu})", separator, field, name,
                static_cast<unsigned long long>(value));
    separator = ",\n";
}

template<typename Enum>
void printValue(const char *field, const char *name, Enum value) requires std::is_enum_v<Enum>
{
    printValue(field, name, static_cast<std::uint64_t>(value));
}

void begin(const char *list)
{
    std::printf("%s\"%s\": [\n", separator, list);
    separator = "";
}

void end()
{
    std::printf("\n]");
    separator = ",\n";
}

#define FIELD(table, type, member, name) \
    print(table, "field", name, offsetof(type, member), sizeof(type::member), typeName<decltype(type::member)>())
#define RESERVED(table, type, member) print(table, "reserved", "", offsetof(type, member), sizeof(type::member), "")

void printRecord()
{
    FIELD("record", RecordHeader, magic, "magic");
    FIELD("record", RecordHeader, version, "format version");
    FIELD("record", RecordHeader, backend, "backend");
    FIELD("record", RecordHeader, instance, "instance id");
    FIELD("record", RecordHeader, pid, "process id of the owner");
    FIELD("record", RecordHeader, descriptor, "descriptor");
    FIELD("record", RecordHeader, segmentSize, "segment size");
    FIELD("record", RecordHeader, requiredFeatures, "required features");
    FIELD("record", RecordHeader, nameBytes, "bytes of the name");
    FIELD("record", RecordHeader, name, "name");
    FIELD("record", RecordHeader, object, "object");
    FIELD("record", RecordHeader, optionalFeatures, "optional features");
    FIELD("record", RecordHeader, kind, "kind");
    RESERVED("record", RecordHeader, reserved);
    static_assert(offsetof(Record, header) == 0);
    FIELD("record", Record, state, "state");
    FIELD("record", Record, armed, "armed");
    FIELD("record", Record, updateTouch, "update byte");
    RESERVED("record", Record, reserved0);
    FIELD("record", Record, source, "source");
    RESERVED("record", Record, reserved1);
    FIELD("record", Record, writerLock, "writers' lock");
    RESERVED("record", Record, reserved2);
    print("record", "field", "listeners", offsetof(Record, listeners), sizeof(Record::listeners),
          std::to_string(ListenerCount) + " slots of " + std::to_string(sizeof(ListenerSlot)) + " bytes");
    static Record record;
    const auto mark = reinterpret_cast<const std::byte *>(&markOf(record)) - reinterpret_cast<std::byte *>(&record);
    print("record", "part", "mark", static_cast<std::size_t>(mark), sizeof(RecordMark), "u8[4]");
}

void printSlot()
{
    // One word of two halves, little-endian.
    static_assert(offsetof(ListenerSlot, word) == 0 && sizeof(ListenerSlot::word) == 8);
    print("slot", "field", "slot state", 0, sizeof(SlotState), typeName<std::underlying_type_t<SlotState>>());
    print("slot", "field", "ticket", 4, 4, "u32");
    FIELD("slot", ListenerSlot, generation, "generation");
    FIELD("slot", ListenerSlot, zero, "zero");
    FIELD("slot", ListenerSlot, pid, "process id of the listener");
    RESERVED("slot", ListenerSlot, reserved);
}

void printMemory()
{
    FIELD("memory", MemoryHeader, magic, "magic");
    FIELD("memory", MemoryHeader, version, "format version");
    FIELD("memory", MemoryHeader, payloadOffset, "payload offset");
    FIELD("memory", MemoryHeader, segmentSize, "segment size in bytes");
    FIELD("memory", MemoryHeader, capacity, "capacity");
    FIELD("memory", MemoryHeader, elementSize, "element size in bytes");
    FIELD("memory", MemoryHeader, elementAlignment, "element alignment");
    FIELD("memory", MemoryHeader, layoutOffset, "layout text offset");
    FIELD("memory", MemoryHeader, layoutBytes, "layout text bytes");
    FIELD("memory", MemoryHeader, fingerprint, "fingerprint");
    FIELD("memory", MemoryHeader, bufferCount, "buffer count");
    FIELD("memory", MemoryHeader, requiredFeatures, "required features");
    FIELD("memory", MemoryHeader, bufferStride, "buffer stride in bytes");
    FIELD("memory", MemoryHeader, pid, "process id of the owner");
    FIELD("memory", MemoryHeader, instance, "instance id");
    FIELD("memory", MemoryHeader, created, "created");
    FIELD("memory", MemoryHeader, kind, "kind");
    FIELD("memory", MemoryHeader, metadataOffset, "metadata offset");
    FIELD("memory", MemoryHeader, metadataBytes, "metadata bytes");
    FIELD("memory", MemoryHeader, optionalFeatures, "optional features");
    RESERVED("memory", MemoryHeader, reserved1);
    FIELD("memory", MemoryHeader, revision, "revision");
    FIELD("memory", MemoryHeader, reservedPosition, "reserved");
    RESERVED("memory", MemoryHeader, reserved2);
    print("memory", "field", "buffer table", offsetof(MemoryHeader, buffers), sizeof(MemoryHeader::buffers),
          std::to_string(MaximumBuffers) + " entries of " + std::to_string(sizeof(BufferEntry)) + " bytes");
    RESERVED("memory", MemoryHeader, reserved3);
    print("memory", "field", "layout text", LayoutOffset, 0, "UTF-8");
}

void printEntry()
{
    FIELD("entry", BufferEntry, sequence, "sequence");
    FIELD("entry", BufferEntry, timestamp, "timestamp");
    FIELD("entry", BufferEntry, count, "count");
    FIELD("entry", BufferEntry, sourceTimestamp, "source timestamp");
}

void printConstants()
{
    printValue("", "format version", FormatVersion);
    printValue("", "bytes of a record", RecordSize);
    printValue("", "listeners of a record", ListenerCount);
    printValue("", "most bytes of a name", MaximumNameBytes);
    printValue("", "layout text offset", LayoutOffset);
    printValue("", "most bytes of a layout text", MaximumLayoutBytes);
    printValue("", "alignment of the metadata", MetadataAlignment);
    printValue("", "most bytes of the metadata", MaximumMetadataBytes);
    printValue("", "alignment of the payload", PayloadAlignment);
    printValue("", "most buffers", MaximumBuffers);
    printValue("", "alignment of a buffer stride", BufferAlignment);
}

/// Numbers that a field can contain; of features, the number of the bit.
void printValues()
{
    printValue("backend", "memfd", os::Backend::Memfd);
    printValue("backend", "posix", os::Backend::Posix);
    printValue("backend", "win32", os::Backend::Win32);
    printValue("required features", "multiple writers", std::uint64_t(std::countr_zero(FeatureMultipleWriters)));
    printValue("required features", "group of readers", std::uint64_t(std::countr_zero(FeatureGroupAudience)));
    printValue("state", "live", RecordState::Live);
    printValue("state", "closed", RecordState::Closed);
    printValue("state", "replaced", RecordState::Replaced);
    printValue("source", "here", Source::Here);
    printValue("source", "reachable", Source::Reachable);
    printValue("source", "not reachable", Source::NotReachable);
    printValue("slot state", "free", SlotState::Free);
    printValue("slot state", "listening", SlotState::Listening);
    printValue("slot state", "armed", SlotState::Armed);
    printValue("slot state", "claiming", SlotState::Claiming);
    printValue("kind", "array of fixed count", Kind::FixedArray);
    printValue("kind", "array of variable count", Kind::VariableArray);
    printValue("kind", "stream", Kind::Stream);
}

void printTexts()
{
    const std::uint32_t mark = RecordMark;
    const auto printText = [](const char *table, const char *name, std::string text) {
        std::printf(R"(%s{"table": "%s", "name": "%s", "text": "%s"})", separator, table, name, text.c_str());
        separator = ",\n";
    };
    printText("record", "magic", {RecordMagic, sizeof RecordMagic});
    printText("memory", "magic", {MemoryMagic, sizeof MemoryMagic});
    printText("record", "mark", {reinterpret_cast<const char *>(&mark), sizeof mark});
}

} // namespace

int main()
{
    std::printf("{");
    begin("fields");
    printRecord();
    printSlot();
    printMemory();
    printEntry();
    end();
    begin("values");
    printConstants();
    printValues();
    end();
    begin("texts");
    printTexts();
    end();
    std::printf("}\n");
    return 0;
}
