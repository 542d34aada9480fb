// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "content.h"

namespace sharedsegment::engine {

Status Content::checkSize(std::size_t bytes) const
{
    const std::uint64_t whole = geometry().payloadSize;
    if (bytes == whole)
        return {};
    return Error{ErrorCode::InvalidSize, "\"" + m_view.name + "\" takes " + m_view.amount(whole) + ", not "
                                             + m_view.amount(bytes) + "; publish them all"};
}

} // namespace sharedsegment::engine
