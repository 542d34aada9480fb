// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "expectation.h"

#include <algorithm>
#include <string>

namespace sharedsegment::engine {

namespace {

const char *textOf(Kind kind)
{
    switch (kind) {
    case Kind::VariableArray:
        return "an array of variable count";
    case Kind::Stream:
        return "a stream";
    case Kind::FixedArray:
    case Kind::External:
        break;
    }
    return "an array of fixed count";
}

std::string textOf(std::span<const Kind> kinds)
{
    std::string text;
    for (const Kind kind : kinds)
        text += (text.empty() ? "" : " or ") + std::string(textOf(kind));
    return text;
}

} // namespace

Status checkExpectation(const Segment &segment, const Layout &layout, std::uint64_t capacity,
                        std::span<const Kind> kinds)
{
    const Layout &found = *segment.layout();
    if (layout.isValid() && !(layout == found))
        return Error{ErrorCode::LayoutMismatch,
                     "the segment \"" + segment.name() + "\" has the layout \"" + found.text() + "\", expected is \""
                         + layout.text() + "\": " + layout.firstDifference(found) + "; " + layout.remedyFor(found)};
    const Kind kind = segment.isExternal() ? Kind::FixedArray : segment.geometry().kind;
    if (!kinds.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
        return Error{ErrorCode::LayoutMismatch, "the segment \"" + segment.name() + "\" (\"" + found.text() + "\") is "
                                                    + textOf(kind) + ", expected is " + textOf(kinds)
                                                    + "; expect that kind, or have it created as the other"};
    const std::uint64_t count = segment.geometry().capacity;
    if (capacity > 0 && capacity != count)
        return Error{ErrorCode::LayoutMismatch, "the segment \"" + segment.name() + "\" (\"" + found.text() + "\") has "
                                                    + std::to_string(count) + " elements, expected are "
                                                    + std::to_string(capacity) + "; give that capacity, or none"};
    return {};
}

} // namespace sharedsegment::engine
