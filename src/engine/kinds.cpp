// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "kinds.h"

#include "fixedarray.h"

#include <algorithm>
#include <array>

namespace sharedsegment::engine {

namespace {

struct KindOfContent
{
    Kind kind;
    std::unique_ptr<Content> (*make)(const SegmentView &view);
};

template<typename T>
std::unique_ptr<Content> make(const SegmentView &view)
{
    return std::make_unique<T>(view);
}

constexpr std::array Kinds{
    KindOfContent{Kind::FixedArray, make<FixedArray>},
};

} // namespace

std::unique_ptr<Content> makeContent(const SegmentView &view)
{
    return std::find_if(Kinds.begin(), Kinds.end(), [&](const KindOfContent &row) { return row.kind == view.kind; })
        ->make(view);
}

} // namespace sharedsegment::engine
