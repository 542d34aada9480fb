// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "bufferedarray.h"

#include "../os/system.h"
#include "copy.h"

#include <cstring>

namespace sharedsegment::engine {

Status BufferedArray::read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const
{
    if (m_buffers.read(to, offset, info))
        return {};
    return Error{ErrorCode::Busy, {}};
}

Result<std::uint64_t> BufferedArray::publish(std::span<const std::byte> bytes, const RevisionTimes &times)
{
    copyShared(m_buffers.begin().data(), bytes.data(), bytes.size());
    return m_buffers.publish(times.orNow(), countOf(bytes.size()));
}

Result<Content::Next> BufferedArray::begin()
{
    if (!m_buffers.isWhole())
        return Error{ErrorCode::Busy, "a write to \"" + view().name
                                          + "\" was interrupted and its value lost; publish a whole value, not a part"};
    const std::span<const std::byte> newest = m_buffers.newest();
    Next next{{}, newest.size()};
    if (isStaged()) {
        const Result<std::span<std::byte>> staged =
            m_staging.bytes(static_cast<std::size_t>(geometry().payloadSize), view().name);
        if (!staged)
            return staged.error();
        next.space = *staged;
    } else {
        next.space = m_buffers.begin();
    }
    std::memcpy(next.space.data(), newest.data(), newest.size());
    return next;
}

Result<std::uint64_t> BufferedArray::commit(const Next &next)
{
    if (isStaged())
        copyShared(m_buffers.begin().data(), next.space.data(), next.size);
    return m_buffers.publish({os::wallClock()}, countOf(next.size));
}

} // namespace sharedsegment::engine
