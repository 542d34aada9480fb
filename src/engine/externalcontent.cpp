// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "externalcontent.h"

#include "../os/system.h"

#include <cstring>
#include <utility>

namespace sharedsegment::engine {

ExternalContent::ExternalContent(const SegmentView &view, os::ExternalMemory memory)
    : Content(view)
    , m_memory(std::move(memory))
{
    countRevision();
}

std::uint64_t ExternalContent::countRevision()
{
    m_timestamp.store(os::wallClock(), std::memory_order_relaxed);
    return m_revision.fetch_add(1, std::memory_order_release) + 1;
}

Status ExternalContent::read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const
{
    *info = {revision(), timestamp(), geometry().capacity};
    return m_memory.read(to, geometry().payloadOffset + offset);
}

std::span<std::byte> ExternalContent::live() const
{
    std::byte *const payload = view().memory.data() + geometry().payloadOffset;
    if (reinterpret_cast<std::uintptr_t>(payload) % view().layout->elementAlignment() != 0)
        return {};
    return {payload, static_cast<std::size_t>(geometry().payloadSize)};
}

Content::Change ExternalContent::check()
{
    const Result<std::uint64_t> size = m_memory.size();
    if (!m_memory.isLinked() || (size && *size < geometry().segmentSize))
        return Change::Gone;
    countRevision();
    return Change::Updated;
}

Result<std::uint64_t> ExternalContent::publish(std::span<const std::byte> bytes, const RevisionTimes &)
{
    if (Status written = m_memory.write(bytes, geometry().payloadOffset); !written)
        return written.error();
    return countRevision();
}

Result<Content::Next> ExternalContent::begin()
{
    const auto size = static_cast<std::size_t>(geometry().payloadSize);
    const Result<std::span<std::byte>> next = m_staging.bytes(size, view().name);
    if (!next)
        return next.error();
    try {
        m_before.resize(size);
    } catch (const std::exception &) {
        return Error{ErrorCode::OutOfMemory, "there is no memory for a revision of \"" + view().name
                                                 + "\"; write it whole instead of in parts"};
    }
    if (Status read = m_memory.read(m_before, geometry().payloadOffset); !read)
        return read.error();
    std::memcpy(next->data(), m_before.data(), size);
    return Next{*next, size};
}

Result<std::uint64_t> ExternalContent::commit(const Next &next)
{
    const std::span<std::byte> bytes = next.space.first(next.size);
    const std::size_t elementSize = view().layout->elementSize();
    auto isSame = [&](std::size_t at) {
        return std::memcmp(bytes.data() + at, m_before.data() + at, elementSize) == 0;
    };
    for (std::size_t at = 0; at < bytes.size();) {
        if (isSame(at)) {
            at += elementSize;
            continue;
        }
        const std::size_t first = at;
        while (at < bytes.size() && !isSame(at))
            at += elementSize;
        if (Status written = m_memory.write(bytes.subspan(first, at - first), geometry().payloadOffset + first);
            !written)
            return written.error();
    }
    return countRevision();
}

} // namespace sharedsegment::engine
