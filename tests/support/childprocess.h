// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Other processes of a test program without Qt.
namespace support {

using Words = std::vector<std::string>;

/// This program as another process, which answers lines: see answerLines(). The destructor kills it. Each wait ends at
/// a deadline, and the caller gets nothing.
class ChildProcess
{
public:
    static constexpr std::chrono::seconds Deadline{20};

    /// Call this first in main().
    static void setProgram(const char *firstArgument);
    /// Whether this process is such a child.
    static bool isChild(int argc, char **argv);
    /// Runs the program anew in this process, as a child again. Returns only on failure (POSIX).
    static void execute();

    /// Starts the program and waits until it is ready.
    ChildProcess();
    ~ChildProcess();
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;

    std::uint64_t pid() const;

    void send(const std::string &line);
    std::optional<std::string> line();
    /// Sends a line. @returns the answer.
    std::string request(const std::string &line);
    /// Ends the child's input, after which it ends by itself.
    void closeInput();

    /// Ends the child at once and does not wait (SIGKILL, TerminateProcess).
    void kill();
    /// Waits for the child's end. @returns its exit code, or minus the signal that ended it.
    std::optional<int> wait();

private:
    struct Process;
    Process *m_process;
    std::string m_received;
};

/// Prints "ready", then an answer for each line of the input, until the input ends. The first word of a line selects
/// the command. @returns the exit code.
int answerLines(const std::function<std::string(const Words &)> &answer);

} // namespace support
