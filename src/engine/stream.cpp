// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "stream.h"

#include <algorithm>
#include <string>

namespace sharedsegment::engine {

Status Stream::read(std::span<std::byte> to, std::uint64_t, RevisionInfo *info) const
{
    const std::uint64_t position = m_elements.position();
    const RevisionTimes times = m_elements.timesAt(position);
    *info = {position, times.timestamp, std::min(position, geometry().capacity), times.sourceTimestamp};
    if (to.empty())
        return {};
    return Error{ErrorCode::InvalidState, '"' + view().name
                                              + "\" is a stream, and its elements are read one after the other; read "
                                                "them with a stream reader"};
}

Status Stream::checkSize(std::size_t bytes) const
{
    if (bytes % view().layout->elementSize() == 0)
        return {};
    return Error{ErrorCode::InvalidSize, '"' + view().name + "\" takes whole elements of "
                                             + std::to_string(view().layout->elementSize()) + " bytes, not "
                                             + std::to_string(bytes) + " bytes; append the last one whole"};
}

Result<std::uint64_t> Stream::publish(std::span<const std::byte>, const RevisionTimes &)
{
    return notReplaced();
}

Result<Content::Next> Stream::begin()
{
    return notReplaced();
}

Result<std::uint64_t> Stream::commit(const Next &)
{
    return notReplaced();
}

Error Stream::notReplaced() const
{
    return {ErrorCode::InvalidState,
            '"' + view().name + "\" is a stream, which has no revision to replace; append elements to it"};
}

} // namespace sharedsegment::engine
