// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace sharedsegment::os {

using InstanceId = std::array<std::uint8_t, 16>;

std::uint64_t processId();

/// 128 bits from the system's random source.
InstanceId randomId();

/// Nanoseconds since 1970-01-01 UTC.
std::int64_t wallClock();

/// The bytes that this machine and this process's group of processes can still give; a figure to refuse by, not a promise.
/// @param wanted sizes that are small for any machine are answered without looking closely.
std::uint64_t availableMemory(std::uint64_t wanted);

/// How many descriptors this process may have open.
struct DescriptorLimit
{
    std::uint64_t now = 0;     ///< what holds
    std::uint64_t highest = 0; ///< what the process may raise it to
};
DescriptorLimit descriptorLimit();

/// Whether the process with this pid is just ending: the kernel takes away its things one by one. False where that cannot be told.
bool isEnding(std::uint64_t pid);

/// Whether the process that has this pid here is seen to have the file open that `native` leads to. True where a pid means the same process
/// everywhere, and nothing has to be seen.
bool hasOpen(std::uint64_t pid, Handle::Native native);

/// A path by which the process that has this pid here is seen to have a file of the name `file` open, also a removed one; empty where it is
/// not, or that cannot be seen. @returns an error where this process has no descriptor left to look.
Result<std::string> descriptorPathOf(std::uint64_t pid, const std::string &file);

/// The process that is seen to hold a lock on this byte of the file that `native` leads to; 0 where none is seen. It looks at the descriptors
/// of all processes, so it is for error texts alone.
std::uint64_t lockHolder(Handle::Native native, std::uint64_t byte);

/// Whether the process that has this pid here is seen to have mapped the file that `path` leads to. For error texts alone.
bool hasMapped(std::uint64_t pid, const std::string &path);

/// The process of the thread that has this id here; 0 where it is not seen.
std::uint64_t processOfThread(std::uint64_t thread);

/// The name of the program with this pid, or an empty string.
std::string programName(std::uint64_t pid);

/// "program, process 123", for people; without the program where its name is not to be had.
std::string describeProcess(std::uint64_t pid);

} // namespace sharedsegment::os
