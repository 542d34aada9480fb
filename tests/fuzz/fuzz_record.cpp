// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "expect.h"

#include "segment/geometry.h"
#include "segment/name.h"
#include "segment/registry.h"

using namespace sharedsegment;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Result<segment::RecordHeader> header =
        segment::checkRecord({reinterpret_cast<const std::byte *>(data), size});
    if (!header) {
        EXPECT(!header.error().text.empty());
        return 0;
    }
    EXPECT(size >= sizeof(segment::RecordHeader));
    EXPECT(header->nameBytes >= 1 && header->nameBytes <= segment::MaximumNameBytes);
    const std::string_view name(header->name, header->nameBytes);
    EXPECT(bool(segment::checkName(name)));
    EXPECT(segment::isRecordFileName(segment::recordFileName(name)));
    const os::MemoryLocation location = segment::locationOf(*header);
    EXPECT(location.object.size() < sizeof header->object);
    // Where this system has such a memory, it is the memory of the instance and no other.
    const std::string own = os::Memory::objectName(location.backend, segment::toHex(header->instance));
    EXPECT(own.empty() || location.object == own);
    EXPECT(header->segmentSize >= segment::PayloadAlignment);
    return 0;
}
