// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace sharedsegment::engine {

/// Bytes in one piece, or in two where they pass the end of a ring buffer.
struct Pieces
{
    std::span<const std::byte> first;
    std::span<const std::byte> second = {};

    std::size_t size() const { return first.size() + second.size(); }
    /// The last `bytes`, at most size().
    Pieces last(std::size_t bytes) const
    {
        return bytes <= second.size() ? Pieces{second.last(bytes)} : Pieces{first.last(bytes - second.size()), second};
    }
};

} // namespace sharedsegment::engine
