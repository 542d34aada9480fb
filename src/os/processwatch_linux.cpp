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
    if (!isPid(pid))
        return systemError("watching process", std::to_string(pid), ESRCH);
    Handle handle = openOwned([&] { return ::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0); });
    if (!handle.isValid())
        return systemError("watching process", std::to_string(pid), errno);
    return ProcessWatch(std::move(handle));
}

} // namespace sharedsegment::os
