// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace sharedsegment::engine {

/// The kinds of content, with the numbers that memories contain.
enum class Kind : std::uint32_t {
    FixedArray = 0,    ///< arrays of a fixed number of elements, of which readers get the newest revision
    VariableArray = 1, ///< the same, with a number of elements of each revision's own, up to the capacity
    Stream = 2,        ///< a ring buffer of elements, each of which reaches each reader
    /// The memory of another library, without a record or a protocol. No memory contains this number.
    External = 0xffffffff,
};

/// The kinds that this library implements in segments of its own. The table in kinds.cpp has a row for each.
inline constexpr std::array KnownKinds{Kind::FixedArray, Kind::VariableArray, Kind::Stream};

constexpr bool isKnown(Kind kind)
{
    return std::find(KnownKinds.begin(), KnownKinds.end(), kind) != KnownKinds.end();
}

} // namespace sharedsegment::engine
