// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>
#include <chrono>

namespace sharedsegment::engine {

/// A point in time after which a function no longer waits; the latest possible point means: never.
using Deadline = std::chrono::steady_clock::time_point;

inline bool hasExpired(Deadline deadline)
{
    return deadline <= std::chrono::steady_clock::now();
}

/// The time until `deadline`, at least 0 and at most `most`.
inline std::chrono::nanoseconds timeLeft(Deadline deadline, std::chrono::nanoseconds most)
{
    if (deadline == Deadline::max())
        return most;
    return std::clamp<std::chrono::nanoseconds>(deadline - std::chrono::steady_clock::now(),
                                                std::chrono::nanoseconds(0), most);
}

} // namespace sharedsegment::engine
