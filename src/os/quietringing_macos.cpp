// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// There is no sigtimedwait(2) here to take a signal back, but a descriptor can be told to send none.

#include "doorbell.h"

#include "fd_posix.h"

#include <fcntl.h>

namespace sharedsegment::os {

void keepQuiet(Handle::Native native)
{
    ::fcntl(descriptorOf(native), F_SETNOSIGPIPE, 1);
}

QuietRinging::QuietRinging() = default;

QuietRinging::~QuietRinging() = default;

} // namespace sharedsegment::os
