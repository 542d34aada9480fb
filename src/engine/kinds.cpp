// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "kinds.h"

#include "fixedarray.h"
#include "variablearray.h"

#include <algorithm>
#include <array>
#include <cstdlib>

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
    KindOfContent{Kind::VariableArray, make<VariableArray>},
};
static_assert(std::equal(Kinds.begin(), Kinds.end(), KnownKinds.begin(), KnownKinds.end(),
                         [](const KindOfContent &row, Kind kind) { return row.kind == kind; }),
              "each of KnownKinds has a row here, in the same order");

} // namespace

std::unique_ptr<Content> makeContent(const SegmentView &view)
{
    for (const KindOfContent &row : Kinds) {
        if (row.kind == view.geometry.kind)
            return row.make(view);
    }
    // plan() and checkHeader() refuse all other kinds.
    std::abort();
}

} // namespace sharedsegment::engine
