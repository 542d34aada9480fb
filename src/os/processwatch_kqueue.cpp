// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// For macOS and FreeBSD: one kqueue(2) for each process. It becomes readable once the process has ended or has become
// another program.

#include "processwatch.h"

#include "fd_posix.h"

#include <cerrno>
#include <sys/event.h>
#include <sys/types.h>

namespace sharedsegment::os {

Result<ProcessWatch> ProcessWatch::start(std::uint64_t pid)
{
    const std::string process = std::to_string(pid);
    if (!isPid(pid))
        return systemError("watching process", process, ESRCH);
    // A forked child does not inherit a kqueue.
    Handle handle = openOwned([] { return ::kqueue(); });
    if (!handle.isValid())
        return systemError("kqueue", process, errno);
    struct kevent change;
    EV_SET(&change, static_cast<uintptr_t>(pid), EVFILT_PROC, EV_ADD | EV_ONESHOT, NOTE_EXIT | NOTE_EXEC, 0, nullptr);
    if (retryOnEintr([&] { return ::kevent(descriptorOf(handle.native()), &change, 1, nullptr, 0, nullptr); }) == -1)
        return systemError("watching process", process, errno);
    return ProcessWatch(std::move(handle));
}

} // namespace sharedsegment::os
