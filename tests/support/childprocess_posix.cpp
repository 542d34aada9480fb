// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "childprocess.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace support {

namespace {

std::string program;

int millisecondsUntil(std::chrono::steady_clock::time_point end)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    return left > 0 ? static_cast<int>(left) : 0;
}

std::array<int, 2> makePipe()
{
    std::array<int, 2> ends = {-1, -1};
    if (::pipe(ends.data()) == -1) {
        std::perror("pipe");
        std::exit(2);
    }
    for (const int end : ends)
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    return ends;
}

} // namespace

struct ChildProcess::Process
{
    pid_t pid = -1;
    int input = -1;
    int output = -1;
    std::optional<int> result;

    bool reap(int options)
    {
        int status = 0;
        if (result || ::waitpid(pid, &status, options) != pid)
            return result.has_value();
        result = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
        return true;
    }
};

void ChildProcess::setProgram(const char *firstArgument)
{
    program = firstArgument;
    if (program.find('/') != std::string::npos)
        program = std::filesystem::absolute(program).string();
}

void ChildProcess::execute()
{
    // A program for another processor needs its emulator to start it.
    const char *const emulator = std::getenv("CHILD_EMULATOR");
    std::string mode = "--child";
    if (emulator && *emulator)
        ::execlp(emulator, emulator, program.c_str(), mode.c_str(), nullptr);
    else
        ::execlp(program.c_str(), program.c_str(), mode.c_str(), nullptr);
    std::perror("exec");
}

ChildProcess::ChildProcess()
    : m_process(new Process)
{
    const std::array<int, 2> input = makePipe();
    const std::array<int, 2> output = makePipe();
    std::fflush(stdout);
    m_process->pid = ::fork();
    if (m_process->pid == 0) {
        ::dup2(input[0], STDIN_FILENO);
        ::dup2(output[1], STDOUT_FILENO);
        execute();
        ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    m_process->input = input[1];
    m_process->output = output[0];
    if (m_process->pid == -1 || line() != "ready") {
        std::fprintf(stderr, "a child process does not start\n");
        std::exit(2);
    }
}

ChildProcess::~ChildProcess()
{
    closeInput();
    if (!m_process->result) {
        ::kill(m_process->pid, SIGKILL);
        m_process->reap(0);
    }
    ::close(m_process->output);
    delete m_process;
}

std::uint64_t ChildProcess::pid() const
{
    return static_cast<std::uint64_t>(m_process->pid);
}

void ChildProcess::send(const std::string &line)
{
    const std::string text = line + '\n';
    if (::write(m_process->input, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        std::perror("write to a child process");
}

std::optional<std::string> ChildProcess::line()
{
    const auto end = std::chrono::steady_clock::now() + Deadline;
    for (;;) {
        if (const std::size_t at = m_received.find('\n'); at != std::string::npos) {
            std::string line = m_received.substr(0, at);
            m_received.erase(0, at + 1);
            return line;
        }
        pollfd polled = {m_process->output, POLLIN, 0};
        const int ready = ::poll(&polled, 1, millisecondsUntil(end));
        if (ready == -1 && errno == EINTR)
            continue;
        char bytes[4096];
        const ssize_t count = ready > 0 ? ::read(m_process->output, bytes, sizeof bytes) : 0;
        if (count <= 0)
            return std::nullopt;
        m_received.append(bytes, static_cast<std::size_t>(count));
    }
}

void ChildProcess::closeInput()
{
    if (m_process->input != -1)
        ::close(m_process->input);
    m_process->input = -1;
}

void ChildProcess::kill()
{
    ::kill(m_process->pid, SIGKILL);
}

std::optional<int> ChildProcess::wait()
{
    const auto end = std::chrono::steady_clock::now() + Deadline;
    while (!m_process->reap(WNOHANG) && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return m_process->result;
}

} // namespace support
