// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/posixchild.h"
#include "suite.h"

#include <csignal>
#include <cstdio>
#include <functional>
#include <sys/types.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace suite {

#ifdef __linux__
constexpr bool HasUnnoticedFork = true;
#else
constexpr bool HasUnnoticedFork = false;
#endif

/// A fork that no handler sees: the child keeps all descriptors. An ordinary fork where the system has none.
inline pid_t unnoticedFork()
{
#ifdef __linux__
    return static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
#else
    return ::fork();
#endif
}

/// Forks a process that does nothing until a signal ends it. Returns once its fork handlers have run.
inline pid_t forkIdle(pid_t (*forking)())
{
    int ends[2] = {-1, -1};
    if (::pipe(ends) == -1)
        return -1;
    const pid_t pid = forking();
    if (pid == 0) {
        ::alarm(60);
        static_cast<void>(!::write(ends[1], "x", 1));
        for (;;)
            ::pause();
    }
    char byte = 0;
    ::close(ends[1]);
    const bool isRunning = ::read(ends[0], &byte, 1) == 1;
    ::close(ends[0]);
    return isRunning ? pid : -1;
}

/// Runs the checks in a forked child. Its failures count here, too.
inline void checkInFork(const std::function<void()> &work)
{
    std::fflush(stdout);
    const int code = childprocess::inChild([&] {
        check::counts.failures = 0;
        work();
        return check::counts.failures == 0 ? 0 : 1;
    });
    CHECK_EQUAL(code, 0);
}

} // namespace suite
