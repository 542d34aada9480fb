// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cerrno>
#include <functional>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/// For tests that see another system: a child process may change its user and its view of the file system.
namespace childprocess {

constexpr int NotAllowed = 77;
constexpr uid_t Nobody = 65534;

/// Waits for the end of a child, although signals arrive: a handler such as the one of QProcess for SIGCHLD interrupts waitpid(2).
/// @returns the child, or -1.
inline pid_t waitForChild(pid_t child, int *status = nullptr, int options = 0)
{
    pid_t ended = -1;
    do
        ended = waitpid(child, status, options);
    while (ended == -1 && errno == EINTR);
    return ended;
}

/// Runs `work` in a process of its own. @returns its exit code, or minus the signal that ended it.
inline int inChild(const std::function<int()> &work)
{
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        _exit(work());
    }
    int status = 0;
    waitForChild(child, &status);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// @returns how often this thread has slept. Where the system counts for whole processes only: how often the process has.
inline long timesSlept()
{
    rusage usage{};
#ifdef RUSAGE_THREAD
    // Not the thread that stands in for a kqueue in the preset `portable`: it polls.
    getrusage(RUSAGE_THREAD, &usage);
#else
    getrusage(RUSAGE_SELF, &usage);
#endif
    return usage.ru_nvcsw;
}

inline int becomeNobody()
{
    return setgid(Nobody) != 0 || setuid(Nobody) != 0 ? NotAllowed : 0;
}

} // namespace childprocess
