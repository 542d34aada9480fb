// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handle.h"

#include <cstdint>
#include <string>

/// The parts of POSIX shared memory that differ between platforms.
namespace sharedsegment::os {

/// Calls shm_open(3). If the handle is invalid, errno is the call's error.
Handle openPosixObject(const std::string &name, int flags);

/// Sets the size of a new object, once, and reserves its memory where the system supports that. @returns 0 or the
/// system's error number.
int sizePosixObject(Handle::Native native, std::uint64_t size);

} // namespace sharedsegment::os
