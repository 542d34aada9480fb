// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <cstddef>
#include <span>
#include <string>

/// System services for command-line programs.
namespace sharedsegment::os {

/// Opens a placeholder for each of standard input, output and error that is closed, so that no other file gets its
/// number. Reading and writing the placeholder fail. Call this before the program opens any file.
void keepStandardDescriptors();

/// From this call on, writing to a pipe without a reader is an error and no longer ends the process.
void ignoreBrokenPipes();

/// Turns requests to end the process (SIGINT, SIGTERM, SIGHUP) into a readable descriptor for an event loop. From its
/// creation on, these requests no longer end the process. One object for each process.
class Interrupt
{
public:
    static Result<Interrupt> catchAll();

    /// Readable once the process has received a request to end.
    Handle::Native native() const { return m_reading.native(); }

private:
    explicit Interrupt(Handle reading)
        : m_reading(std::move(reading))
    {
    }

    Handle m_reading;
};

/// Opens a file as standard input. Opening a FIFO waits for a writer, so call this before Interrupt::catchAll().
Status openAsStandardInput(const std::string &path);

/// The descriptor of standard input, for an event loop to watch.
Handle::Native standardInput();

/// Reads the available bytes of standard input; waits when none are available.
/// @returns the number of bytes, 0 at the end of input, -1 on failure.
std::ptrdiff_t readStandardInput(std::span<std::byte> bytes);

/// Writes all bytes to standard output; waits while the output is full.
/// @returns Busy when the reader has closed the pipe, which is not the writer's failure; SystemError for other
/// failures, such as a full disk.
Status writeStandardOutput(std::span<const std::byte> bytes);

/// The size of a terminal in characters; zeros if unknown.
struct TerminalSize
{
    int rows = 0;
    int columns = 0;
};

/// The size of the terminal that standard output leads to; zeros if it is not a terminal.
TerminalSize terminalSize();

} // namespace sharedsegment::os
