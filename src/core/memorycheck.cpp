// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memorycheck_p.h"

#include "../os/system.h"

#include <cstdint>
#include <cstdlib>
#include <limits>

namespace {

/// Amounts up to this one, in bytes, are not checked.
constexpr std::uint64_t AlwaysThere = 1 << 20;

} // namespace

bool hasMemoryFor(qint64 count, qsizetype size)
{
    if (count < 0 || count > (std::numeric_limits<qsizetype>::max() - 64) / size)
        return false;
    const std::uint64_t bytes = static_cast<std::uint64_t>(count) * static_cast<std::uint64_t>(size);
    if (bytes <= AlwaysThere)
        return true;
    if (bytes > sharedsegment::os::availableMemory(bytes))
        return false;
    // Checks the limits of this process. Volatile, so that compilers do not remove the pair of calls.
    void *volatile probe = std::malloc(static_cast<std::size_t>(bytes));
    const bool isThere = probe != nullptr;
    std::free(probe);
    return isThere;
}
