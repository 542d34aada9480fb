// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// macOS lacks sigtimedwait(2), which could consume a pending signal. Instead, each descriptor suppresses SIGPIPE (see
// suppressSigpipe()).

#include "doorbell.h"

#include "fd_posix.h"

#include <fcntl.h>

namespace sharedsegment::os {

void suppressSigpipe(Handle::Native native)
{
    ::fcntl(descriptorOf(native), F_SETNOSIGPIPE, 1);
}

SigpipeGuard::SigpipeGuard() = default;

SigpipeGuard::~SigpipeGuard() = default;

} // namespace sharedsegment::os
