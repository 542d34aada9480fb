// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "atomic.h"

#include <atomic>
#include <cstdint>

namespace sharedsegment::os {

/// Identifies a process among its ancestors and descendants by fork: a child's token differs from those of its parent
/// and of all earlier ancestors, however the process was forked. A process that shares its parent's memory (vfork(2), a
/// thread) has its parent's token. Not a pid, because the system reuses pids. Never 0.
using ProcessToken = std::uint32_t;

/// The address of this process's token. The value is 0 until the first request, and 0 again in a child: on most systems
/// the kernel clears it.
extern SHAREDSEGMENTENGINE_EXPORT std::atomic<std::uint32_t *> tokenPlace;

/// Creates the token of a process that has none yet. Only for processToken().
SHAREDSEGMENTENGINE_EXPORT ProcessToken makeProcessToken();

/// The token of this process. Thread-safe.
inline ProcessToken processToken()
{
    const ProcessToken token = loadRelaxed(*tokenPlace.load(std::memory_order_acquire));
    return token != 0 ? token : makeProcessToken();
}

/// Whether `token` is this process's token. Two loads and a comparison, because every publication calls it.
inline bool isThisProcess(ProcessToken token)
{
    return loadRelaxed(*tokenPlace.load(std::memory_order_relaxed)) == token;
}

} // namespace sharedsegment::os
