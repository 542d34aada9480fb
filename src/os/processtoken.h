// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "atomic.h"

#include <atomic>
#include <cstdint>

namespace sharedsegment::os {

/// Names a process among those that its objects can come to by forking: a child has another one than its parent and than all before it,
/// however it was forked. A process that shares the memory of its parent (vfork(2), a thread) has its parent's. Never a pid, which the
/// system gives again. Never 0.
using ProcessToken = std::uint32_t;

/// Where the token of this process lies: 0 until somebody asks for it, and 0 again in a child. On most systems the kernel sees to that.
extern std::atomic<std::uint32_t *> tokenPlace;

/// Makes the token of a process that has none yet. Only for processToken().
ProcessToken makeProcessToken();

/// The token of this process.
inline ProcessToken processToken()
{
    const ProcessToken token = loadRelaxed(*tokenPlace.load(std::memory_order_acquire));
    return token != 0 ? token : makeProcessToken();
}

/// Whether this process is the one whose token that is. Two loads and a comparison: for the way of each publication.
inline bool isThisProcess(ProcessToken token)
{
    return loadRelaxed(*tokenPlace.load(std::memory_order_relaxed)) == token;
}

} // namespace sharedsegment::os
