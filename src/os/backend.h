// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

namespace sharedsegment {

/// The kinds of kernel memory, with the numbers that records contain. SharedSegment::Backend has the same values.
enum class Backend : std::uint32_t {
    Automatic = 0, ///< the kind that suits the system best
    Memfd = 1,     ///< Linux: memfd_create(2), sealed
    Posix = 2,     ///< shm_open(3)
    Win32 = 3,     ///< a named file mapping
};

namespace os {
using sharedsegment::Backend;
} // namespace os

} // namespace sharedsegment
