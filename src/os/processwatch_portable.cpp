// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Replaces kqueue(2) in portable mode (the rules of macOS on Linux), so that users of a watch see the same behaviour: a
// descriptor that becomes readable. A thread polls every few milliseconds, and reports a process that begins to end: as
// early as any system might. For tests only.

#include "processwatch.h"

#include "fd_posix.h"
#include "system.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr int PollMilliseconds = 5;

bool isGone(std::uint64_t pid)
{
    return (::kill(static_cast<pid_t>(pid), 0) == -1 && errno == ESRCH) || isEnding(pid);
}

/// Identifies the program that a process runs by the start address of its stack, which changes with each execve(2). 0
/// if unknown.
std::uint64_t programOf(std::uint64_t pid)
{
    // proc_pid_stat(5): the 26th field after the program's name in parentheses.
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    const auto name = line.rfind(')');
    std::istringstream fields(name == std::string::npos ? std::string() : line.substr(name + 1));
    std::string field;
    for (int i = 0; i < 25; ++i)
        fields >> field;
    std::uint64_t stack = 0;
    return fields >> stack ? stack : 0;
}

void pollUntilGone(const Handle &end, std::uint64_t pid, std::uint64_t program)
{
    while (!isGone(pid) && programOf(pid) == program) {
        // The watch has been closed.
        pollfd other = {descriptorOf(end.native()), 0, 0};
        if (::poll(&other, 1, PollMilliseconds) != 0)
            return;
    }
}

} // namespace

Result<ProcessWatch> ProcessWatch::start(std::uint64_t pid)
{
    if (!isPid(pid) || isGone(pid))
        return systemError("watching process", std::to_string(pid), ESRCH);
    int ends[2] = {-1, -1};
    Handle waiting;
    Handle telling;
    {
        const ForkBarrier barrier;
        if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1)
            return systemError("watching process", std::to_string(pid), errno);
        waiting = Handle(ends[0], barrier);
        telling = Handle(ends[1], barrier);
    }
    // Closing this end makes the other end readable.
    std::thread([end = std::move(telling), pid, program = programOf(pid)] {
        pollUntilGone(end, pid, program);
    }).detach();
    return ProcessWatch(std::move(waiting));
}

} // namespace sharedsegment::os
