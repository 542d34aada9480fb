// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "expectation.h"

#include <string>

namespace sharedsegment::engine {

Status checkExpectation(const Segment &segment, const Layout &layout, std::uint64_t length)
{
    const Layout &found = *segment.layout();
    if (layout.isValid() && !(layout == found))
        return Error{ErrorCode::LayoutMismatch,
                     "the segment \"" + segment.name() + "\" has the layout \"" + found.text() + "\", expected is \""
                         + layout.text() + "\": " + layout.firstDifference(found) + "; " + layout.remedyFor(found)};
    const std::uint64_t count = segment.geometry().elementCount;
    if (length > 0 && length != count)
        return Error{ErrorCode::LayoutMismatch, "the segment \"" + segment.name() + "\" (\"" + found.text() + "\") has "
                                                    + std::to_string(count) + " elements, expected are "
                                                    + std::to_string(length) + "; give that length, or none"};
    return {};
}

} // namespace sharedsegment::engine
