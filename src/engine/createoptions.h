// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ownership.h"
#include "segment.h"
#include "source.h"

#include "../os/backend.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace sharedsegment::engine {

/// The properties of a new segment.
struct CreateOptions
{
    os::Backend backend = os::Backend::Automatic;
    Kind kind = Kind::FixedArray;
    std::uint64_t capacity = 0;    ///< the most elements of a revision
    std::uint32_t bufferCount = 0; ///< 0: see defaultBufferCount()
    bool multipleWriters = false;
    std::string_view metadata = {}; ///< text of one JSON object; empty: none
    Source source = Source::Here;   ///< another one for names that begin with `@`, and only for them
    /// The first revision, present when the name appears. Empty: the segment starts with zeros, or without elements. Of a
    /// stream: its first elements.
    Pieces content = {};
    /// Number (of a stream: position) and times of `content`. Number 0: `content`, if there is any, is published now.
    RevisionInfo revision = {};
};

/// A new segment, and the ownership of its name.
struct CreatedSegment
{
    std::shared_ptr<Segment> segment;
    std::unique_ptr<Ownership> ownership;
};

} // namespace sharedsegment::engine
