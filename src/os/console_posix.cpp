// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "console.h"

#include "fd_posix.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

/// The writing end of the pipe. Global, because a signal handler can reach nothing else.
std::atomic<int> writingEnd = -1;

extern "C" void handleEndSignal(int)
{
    const int number = errno;
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = ::write(writingEnd.load(std::memory_order_relaxed), &byte, 1);
    errno = number;
}

} // namespace

void keepStandardDescriptors()
{
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        // The lowest free number is this one. The access mode is the opposite one, so that any use is an error.
        if (::fcntl(number, F_GETFD) == -1 && errno == EBADF) [[maybe_unused]]
            const int opened = ::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

void ignoreBrokenPipes()
{
    ::signal(SIGPIPE, SIG_IGN);
}

Result<Interrupt> Interrupt::catchAll()
{
    int ends[2] = {-1, -1};
    const ForkBarrier barrier;
    // macOS lacks pipe2(2).
    if (::pipe(ends) == -1)
        return systemError("making a pipe for signals", {}, errno);
    Handle reading(ends[0], barrier);
    for (const int end : ends) {
        if (::fcntl(end, F_SETFD, FD_CLOEXEC) == -1 || ::fcntl(end, F_SETFL, O_NONBLOCK) == -1)
            return systemError("preparing a pipe for signals", {}, errno);
    }
    // Stays open until the process ends, because a signal may arrive until then.
    writingEnd.store(ends[1], std::memory_order_relaxed);

    struct sigaction action = {};
    action.sa_handler = handleEndSignal;
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        ::sigaction(number, &action, nullptr);
    return Interrupt(std::move(reading));
}

Status openAsStandardInput(const std::string &path)
{
    const int file = retryOnEintr([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); });
    if (file == -1)
        return systemError("opening", path, errno);
    const int copied = retryOnEintr([&] { return ::dup2(file, STDIN_FILENO); });
    const int number = errno;
    ::close(file);
    return copied == -1 ? systemError("opening", path, number) : Status();
}

Handle::Native standardInput()
{
    return STDIN_FILENO;
}

std::ptrdiff_t readStandardInput(std::span<std::byte> bytes)
{
    for (;;) {
        const ssize_t count = retryOnEintr([&] { return ::read(STDIN_FILENO, bytes.data(), bytes.size()); });
        if (count >= 0 || errno != EAGAIN)
            return count;
        pollfd input = {STDIN_FILENO, POLLIN, 0};
        ::poll(&input, 1, -1);
    }
}

Status writeStandardOutput(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = retryOnEintr([&] { return ::write(STDOUT_FILENO, bytes.data(), bytes.size()); });
        if (count < 0) {
            const int number = errno;
            if (number == EPIPE)
                return Error{ErrorCode::Busy, "nobody reads the output any more; stop writing", number};
            if (number != EAGAIN)
                return systemError("writing to standard output", {}, number);
            pollfd output = {STDOUT_FILENO, POLLOUT, 0};
            ::poll(&output, 1, -1);
            continue;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

TerminalSize terminalSize()
{
    struct winsize size = {};
    if (::isatty(STDOUT_FILENO) == 0)
        return {};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == -1 || size.ws_row == 0 || size.ws_col == 0)
        return {24, 80};
    return {size.ws_row, size.ws_col};
}

} // namespace sharedsegment::os
