// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// macOS and FreeBSD: a kqueue(2) of its own for each process, which is readable once the process is gone or
// has become another program.

#include "processwatch.h"

#include "fd_posix.h"

#include <cerrno>
#include <sys/event.h>
#include <sys/types.h>

namespace sharedsegment::os {

Result<ProcessWatch> ProcessWatch::start(std::uint64_t pid)
{
    const std::string process = std::to_string(pid);
    // Not passed on to a forked child, as it is.
    Handle handle = opened([] { return ::kqueue(); });
    if (!handle.isValid())
        return systemError("kqueue", process, errno);
    struct kevent change;
    EV_SET(&change, static_cast<uintptr_t>(pid), EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT | NOTE_EXEC, 0, nullptr);
    if (retrying([&] { return ::kevent(descriptorOf(handle.native()), &change, 1, nullptr, 0, nullptr); }) == -1)
        return systemError("watching process", process, errno);
    return ProcessWatch(std::move(handle));
}

} // namespace sharedsegment::os
