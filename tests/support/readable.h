// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <poll.h>

namespace testsupport {

/// Whether a descriptor is readable, and has no error, within some time (POSIX).
inline bool isReadable(std::intptr_t descriptor, int milliseconds)
{
    pollfd polled = {static_cast<int>(descriptor), POLLIN, 0};
    return ::poll(&polled, 1, milliseconds) == 1 && polled.revents == POLLIN;
}

} // namespace testsupport
