// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../os/system.h"
#include "externalcontent.h"
#include "name.h"
#include "opensegment.h"

#include <limits>
#include <string>
#include <utility>

namespace sharedsegment::engine {

Result<std::shared_ptr<Segment>> openExternal(os::ExternalMemory memory, const Layout &layout, std::uint64_t offset,
                                              std::uint64_t capacity, os::Access access)
{
    const Result<std::uint64_t> size = memory.size();
    if (!size)
        return size.error();
    const std::string what = "\"" + memory.name() + "\" has " + std::to_string(*size) + " bytes";
    constexpr auto Addressable = std::numeric_limits<std::size_t>::max();
    const std::uint64_t available = offset < *size && *size <= Addressable ? (*size - offset) / layout.elementSize()
                                                                           : 0;
    if (available == 0 || capacity > available)
        return Error{ErrorCode::InvalidSize, what + ", enough for " + std::to_string(available) + " elements \""
                                                 + layout.text() + "\" from " + std::to_string(offset) + " on"
                                                 + (capacity > available ? ", not for " + std::to_string(capacity) : "")
                                                 + "; give the layout, the capacity and the offset that its owner has"};

    SegmentView view;
    Geometry &geometry = view.geometry;
    geometry.capacity = capacity == 0 ? available : capacity;
    geometry.payloadSize = geometry.capacity * layout.elementSize();
    geometry.payloadOffset = offset;
    geometry.bufferStride = geometry.payloadSize;
    geometry.bufferCount = 1;
    geometry.segmentSize = offset + geometry.payloadSize;
    // External memory has no instance id. A random one lets programs that display segments tell two of them apart.
    geometry.instance = os::randomId();
    view.instanceHex = toHex(geometry.instance);
    // The mapping serves live() alone.
    Result<os::Mapping> mapping = memory.map(geometry.segmentSize, access);
    if (!mapping)
        return mapping.error();
    view.memory = *std::move(mapping);
    view.name = memory.name();
    view.layout = std::make_shared<Layout>(layout);
    geometry.kind = Kind::External;
    view.backend = memory.backend();
    view.isWritable = access == os::Access::ReadWrite;
    return std::make_shared<Segment>(std::move(view), std::nullopt, [&memory](const SegmentView &made) {
        return std::make_unique<ExternalContent>(made, std::move(memory));
    });
}

} // namespace sharedsegment::engine
