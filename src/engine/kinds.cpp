// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "kinds.h"

#include "buffers.h"
#include "fixedarray.h"
#include "stream.h"
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
    /// The class of the protocol, which makes the first content.
    void (*start)(std::byte *memory, const Geometry &geometry, const Pieces &content, const RevisionInfo &revision);
};

template<typename T>
std::unique_ptr<Content> make(const SegmentView &view)
{
    return std::make_unique<T>(view);
}

template<typename Protocol>
void start(std::byte *memory, const Geometry &geometry, const Pieces &content, const RevisionInfo &revision)
{
    Protocol(memory, geometry).start(content, revision);
}

constexpr std::array Kinds{
    KindOfContent{Kind::FixedArray, make<FixedArray>, start<Buffers>},
    KindOfContent{Kind::VariableArray, make<VariableArray>, start<Buffers>},
    KindOfContent{Kind::Stream, make<Stream>, start<RingBuffer>},
};
static_assert(std::equal(Kinds.begin(), Kinds.end(), KnownKinds.begin(), KnownKinds.end(),
                         [](const KindOfContent &row, Kind kind) { return row.kind == kind; }),
              "each of KnownKinds has a row here, in the same order");

const KindOfContent &rowOf(Kind kind)
{
    for (const KindOfContent &row : Kinds) {
        if (row.kind == kind)
            return row;
    }
    // plan() and checkHeader() refuse all other kinds.
    std::abort();
}

} // namespace

std::unique_ptr<Content> makeContent(const SegmentView &view)
{
    return rowOf(view.geometry.kind).make(view);
}

void startContent(std::byte *memory, const Geometry &geometry, const Pieces &content, const RevisionInfo &revision)
{
    rowOf(geometry.kind).start(memory, geometry, content, revision);
}

} // namespace sharedsegment::engine
