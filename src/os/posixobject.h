// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handle.h"

#include <cstdint>
#include <string>

/// What the platforms do differently with POSIX shared memory.
namespace sharedsegment::os {

/// shm_open(3). Where the handle is not valid, errno is the call's.
Handle openPosixObject(const std::string &name, int flags);

/// Gives a new object its size, once, and as far as the system does that the memory for it. @returns 0 or the system's number.
int sizePosixObject(Handle::Native native, std::uint64_t size);

} // namespace sharedsegment::os
