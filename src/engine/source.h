// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

namespace sharedsegment {

/// Where the values of a segment come from, with the numbers that records contain.
enum class Source : std::uint32_t {
    Here = 0,         ///< from its owner
    Reachable = 1,    ///< from another host, of which it is a mirror
    NotReachable = 2, ///< the same, but the program that mirrors it does not reach that host
};

} // namespace sharedsegment
