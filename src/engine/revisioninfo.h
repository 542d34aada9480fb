// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

namespace sharedsegment {

/// The number of a revision, the times of its publication, and the number of its elements.
struct RevisionInfo
{
    std::uint64_t number = 0;   ///< 0: nothing has been published yet
    std::int64_t timestamp = 0; ///< ns since 1970 UTC; 0 if it is unknown
    std::uint64_t count = 0;    ///< the number of elements
    /// In a mirror of another host's segment, the time of publication by the clock of that host: ns since 1970 UTC. Else 0.
    std::int64_t sourceTimestamp = 0;
};

} // namespace sharedsegment
