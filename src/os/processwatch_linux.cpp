// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "processwatch.h"

#include "fd_posix.h"

#include <cerrno>
#include <sys/syscall.h>
#include <unistd.h>

namespace sharedsegment::os {

Result<ProcessWatch> ProcessWatch::start(std::uint64_t pid)
{
    const long descriptor = ::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0);
    if (descriptor == -1)
        return systemError("watching process", std::to_string(pid), errno);
    return ProcessWatch(Handle(static_cast<Handle::Native>(descriptor)));
}

} // namespace sharedsegment::os
