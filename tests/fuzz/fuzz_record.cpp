// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "expect.h"

#include "engine/geometry.h"
#include "engine/name.h"
#include "engine/registry.h"
#include "engine/registryfolder.h"

using namespace sharedsegment;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const Result<engine::RecordHeader> header = engine::checkRecord({reinterpret_cast<const std::byte *>(data), size});
    if (!header) {
        EXPECT(!header.error().text.empty());
        return 0;
    }
    EXPECT(size >= sizeof(engine::RecordHeader));
    EXPECT(header->nameBytes >= 1 && header->nameBytes <= engine::MaximumNameBytes);
    const std::string_view name(header->name, header->nameBytes);
    EXPECT(bool(engine::checkName(name)));
    EXPECT(engine::isRecordFileName(engine::recordFileName(name)));
    const os::MemoryLocation location = engine::locationOf(*header);
    EXPECT(location.object.size() < sizeof header->object);
    // Where this system has such a memory, it is the memory of the instance and no other.
    const std::string own = os::Memory::objectName(location.backend, engine::toHex(header->instance));
    EXPECT(own.empty() || location.object == own);
    EXPECT(header->segmentSize >= engine::PayloadAlignment);
    return 0;
}
