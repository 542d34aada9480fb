// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"
#include "handle.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace sharedsegment::os {

using InstanceId = std::array<std::uint8_t, 16>;

SHAREDSEGMENTENGINE_EXPORT std::uint64_t processId();

/// Returns 128 bits from the system's random source.
SHAREDSEGMENTENGINE_EXPORT InstanceId randomId();

/// Nanoseconds since 1970-01-01 UTC.
SHAREDSEGMENTENGINE_EXPORT std::int64_t wallClock();

/// An estimate of how many bytes this machine and this process's control groups can still provide. Serves to reject
/// requests; it is not a promise.
/// @param wanted a size that is small for any machine gets a quick answer without inspection
SHAREDSEGMENTENGINE_EXPORT std::uint64_t availableMemory(std::uint64_t wanted);

/// The number of descriptors that this process may have open.
struct DescriptorLimit
{
    std::uint64_t now = 0;     ///< the limit in force
    std::uint64_t highest = 0; ///< the highest value that the process may set
};
SHAREDSEGMENTENGINE_EXPORT DescriptorLimit descriptorLimit();

/// Whether process `pid` is ending, so that the kernel is releasing its resources one by one. False if unknown.
SHAREDSEGMENTENGINE_EXPORT bool isEnding(std::uint64_t pid);

/// Whether process `pid`, as numbered here, has the file behind `native` open. Always true on systems where a pid means
/// the same process everywhere, because no check is needed there.
SHAREDSEGMENTENGINE_EXPORT bool hasOpen(std::uint64_t pid, Handle::Native native);

/// A path to the descriptor with which process `pid`, as numbered here, has a file named `file` open, including removed
/// files. Empty if the process has no such descriptor, or if that is not visible.
/// @returns an error when this process has no free descriptor for the check.
SHAREDSEGMENTENGINE_EXPORT Result<std::string> descriptorPathOf(std::uint64_t pid, const std::string &file);

/// The process that holds a lock on this byte of the file behind `native`; 0 if none is visible. Reads the descriptors
/// of all processes, so use it only for error texts.
SHAREDSEGMENTENGINE_EXPORT std::uint64_t lockHolder(Handle::Native native, std::uint64_t byte);

/// Whether process `pid`, as numbered here, has mapped the file at `path`. Only for error texts.
SHAREDSEGMENTENGINE_EXPORT bool hasMapped(std::uint64_t pid, const std::string &path);

/// The process of the thread with this id, as numbered here; 0 if it is not visible.
SHAREDSEGMENTENGINE_EXPORT std::uint64_t processOfThread(std::uint64_t thread);

/// The name of the program that process `pid` runs; empty if unknown.
SHAREDSEGMENTENGINE_EXPORT std::string programName(std::uint64_t pid);

/// "program, process 123", for messages. Omits the program if its name is unknown.
SHAREDSEGMENTENGINE_EXPORT std::string describeProcess(std::uint64_t pid);

} // namespace sharedsegment::os
