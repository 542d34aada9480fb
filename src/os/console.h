// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <cstddef>
#include <span>
#include <string>

/// What a program at a terminal needs from the system.
namespace sharedsegment::os {

/// Where standard input, output or error is closed, something is opened in its place that can neither be read nor written, so that
/// no other file gets its number. Before anything else is opened.
void keepStandardDescriptors();

/// From here on writing to a pipe that nobody reads is an error, and not the end of the process.
void ignoreBrokenPipes();

/// From its making on, requests to end (SIGINT, SIGTERM, SIGHUP) no longer end the process: they make a descriptor readable, for
/// an event loop to watch. One for each process.
class Interrupt
{
public:
    static Result<Interrupt> catchAll();

    /// Readable once somebody has asked the process to end.
    Handle::Native native() const { return m_reading.native(); }

private:
    explicit Interrupt(Handle reading)
        : m_reading(std::move(reading))
    {
    }

    Handle m_reading;
};

/// Opens a file in the place of standard input. Waits for a writer where it is a FIFO, so it comes before Interrupt::catchAll().
Status openAsStandardInput(const std::string &path);

/// The descriptor of standard input, to be watched.
Handle::Native standardInput();

/// Takes what standard input has now; waits if it has nothing. @returns the number of bytes, 0 at its end, -1 on failure.
std::ptrdiff_t readStandardInput(std::span<std::byte> bytes);

/// Writes all of it to standard output; waits where that takes no more just now.
/// @returns Busy where nobody reads any more, which is no failure of who writes; SystemError for a full disk and the like.
Status writeStandardOutput(std::span<const std::byte> bytes);

struct TerminalSize
{
    int rows = 0;
    int columns = 0;
};

/// The size of the terminal that standard output is; nothing but zeros if it is none.
TerminalSize terminalSize();

} // namespace sharedsegment::os
