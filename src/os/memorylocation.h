// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "backend.h"

#include <cstdint>
#include <string>

namespace sharedsegment::os {

/// Which processes may write to a memory: its creator alone, or others too.
enum class Sharing { SingleWriter, MultipleWriters };

/// The location of a memory, as its record states it.
struct MemoryLocation
{
    Backend backend = Backend::Automatic;
    std::uint64_t pid = 0;        ///< memfd: the process that holds the descriptor
    std::int64_t descriptor = -1; ///< memfd: the descriptor's number in that process
    std::string object;           ///< posix, win32: the name of the kernel object
};

} // namespace sharedsegment::os
