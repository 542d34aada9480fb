// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Segments over external memory.

#include "external.h"

#include "../os/system.h"
#include "name.h"
#include "segment.h"

#include <cstring>
#include <limits>

namespace sharedsegment::segment {

std::uint64_t ExternalPayload::countRevision()
{
    timestamp.store(os::wallClock(), std::memory_order_relaxed);
    return revision.fetch_add(1, std::memory_order_release) + 1;
}

Status ExternalPayload::writeChanges(std::span<const std::byte> now, std::size_t elementSize)
{
    auto isSame = [&](std::size_t at) { return std::memcmp(now.data() + at, before.data() + at, elementSize) == 0; };
    for (std::size_t at = 0; at < now.size();) {
        if (isSame(at)) {
            at += elementSize;
            continue;
        }
        const std::size_t first = at;
        while (at < now.size() && !isSame(at))
            at += elementSize;
        if (Status written = memory.write(now.subspan(first, at - first), offset + first); !written)
            return written;
    }
    return {};
}

Result<std::shared_ptr<Segment>> Segment::openExternal(os::ExternalMemory memory, const Layout &layout,
                                                       std::uint64_t offset, std::uint64_t length, os::Access access)
{
    const Result<std::uint64_t> size = memory.size();
    if (!size)
        return size.error();
    const std::string what = "\"" + memory.name() + "\" has " + std::to_string(*size) + " bytes";
    constexpr auto Addressable = std::numeric_limits<std::size_t>::max();
    const std::uint64_t available = offset < *size && *size <= Addressable ? (*size - offset) / layout.elementSize()
                                                                           : 0;
    if (available == 0 || length > available)
        return Error{ErrorCode::InvalidSize, what + ", enough for " + std::to_string(available) + " elements \""
                                                 + layout.text() + "\" from " + std::to_string(offset) + " on"
                                                 + (length > available ? ", not for " + std::to_string(length) : "")
                                                 + "; give the layout, the length and the offset that its owner has"};

    const std::shared_ptr<Segment> segment(new Segment);
    Geometry &geometry = segment->m_geometry;
    geometry.elementCount = length == 0 ? available : length;
    geometry.payloadSize = geometry.elementCount * layout.elementSize();
    geometry.payloadOffset = offset;
    geometry.bufferStride = geometry.payloadSize;
    geometry.bufferCount = 1;
    geometry.segmentSize = offset + geometry.payloadSize;
    // External memory has no instance id. A random one lets programs that display segments tell two of them apart.
    geometry.instance = os::randomId();
    segment->m_instanceHex = toHex(geometry.instance);
    // The mapping serves live() alone.
    Result<os::Mapping> mapping = memory.map(geometry.segmentSize, access);
    if (!mapping)
        return mapping.error();
    segment->m_name = memory.name();
    segment->m_layout = std::make_shared<Layout>(layout);
    segment->m_backend = memory.backend();
    segment->m_isLocal = true;
    segment->m_isWritable = access == os::Access::ReadWrite;
    segment->m_memory = std::move(*mapping);
    segment->m_external = std::make_unique<ExternalPayload>(std::move(memory), offset);
    segment->m_external->countRevision();
    return segment;
}

void Segment::refresh()
{
    if (!m_external || m_isOwnerGone.load(std::memory_order_relaxed))
        return;
    const Result<std::uint64_t> size = m_external->memory.size();
    if (!m_external->memory.isLinked() || (size && *size < m_geometry.segmentSize))
        m_isOwnerGone.store(true);
    else
        m_external->countRevision();
    notifyObservers();
}

std::span<std::byte> Segment::externalPayload() const
{
    std::byte *const payload = m_memory.data() + m_geometry.payloadOffset;
    if (reinterpret_cast<std::uintptr_t>(payload) % m_layout->elementAlignment() != 0)
        return {};
    return {payload, static_cast<std::size_t>(m_geometry.payloadSize)};
}

} // namespace sharedsegment::segment
