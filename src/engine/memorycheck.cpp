// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memorycheck.h"

#include "../os/system.h"

#include <cstddef>
#include <cstdlib>
#include <limits>

namespace sharedsegment::engine {

namespace {

/// Amounts up to this one, in bytes, are not checked.
constexpr std::uint64_t AlwaysThere = 1 << 20;

} // namespace

bool hasMemoryFor(std::int64_t count, std::int64_t size)
{
    if (count < 0 || count > (std::numeric_limits<std::ptrdiff_t>::max() - 64) / size)
        return false;
    const std::uint64_t bytes = static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(size);
    if (bytes <= AlwaysThere)
        return true;
    if (bytes > os::availableMemory(bytes))
        return false;
    // Checks the limits of this process. Volatile, so that compilers do not remove the pair of calls.
    void *volatile probe = std::malloc(static_cast<std::size_t>(bytes));
    const bool isThere = probe != nullptr;
    std::free(probe);
    return isThere;
}

} // namespace sharedsegment::engine
