// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fixedarray.h"

#include "../os/system.h"
#include "copy.h"

#include <cstring>

namespace sharedsegment::engine {

Status FixedArray::read(std::span<std::byte> to, std::uint64_t offset, RevisionInfo *info) const
{
    if (!m_buffers.read(to, offset, info))
        return Error{ErrorCode::Busy, {}};
    info->count = geometry().elementCount;
    return {};
}

std::span<std::byte> FixedArray::live() const
{
    return geometry().bufferCount == 1 ? m_buffers.newest() : std::span<std::byte>();
}

Result<std::uint64_t> FixedArray::publish(std::span<const std::byte> bytes)
{
    copyShared(m_buffers.begin().data(), bytes.data(), bytes.size());
    return m_buffers.publish(os::wallClock());
}

Result<std::span<std::byte>> FixedArray::begin()
{
    if (!m_buffers.isWhole())
        return Error{ErrorCode::Busy, "a write to \"" + view().name
                                          + "\" was interrupted and its value lost; publish a whole value, not a part"};
    const std::span<const std::byte> newest = m_buffers.newest();
    std::span<std::byte> next;
    if (isStaged()) {
        const Result<std::span<std::byte>> staged = m_staging.bytes(newest.size(), view().name);
        if (!staged)
            return staged.error();
        next = *staged;
    } else {
        next = m_buffers.begin();
    }
    std::memcpy(next.data(), newest.data(), newest.size());
    return next;
}

Result<std::uint64_t> FixedArray::commit(std::span<std::byte> bytes)
{
    if (isStaged())
        copyShared(m_buffers.begin().data(), bytes.data(), bytes.size());
    return m_buffers.publish(os::wallClock());
}

} // namespace sharedsegment::engine
