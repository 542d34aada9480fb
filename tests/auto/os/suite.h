// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/check.h"
#include "../../support/childprocess.h"
#include "../../support/errorname.h"

#include "os/error.h"
#include "os/folder.h"
#include "os/handle.h"

#include <chrono>
#include <functional>
#include <initializer_list>
#include <string>

/// What the suites of the os layer share. Each suite checks the contract in the comments of one header.
namespace suite {

using support::ChildProcess;
using support::Words;

/// What differs between the implementations.
#if defined(_WIN32)
constexpr bool IsWindows = true;
#else
constexpr bool IsWindows = false;
#endif
#if defined(__linux__)
constexpr bool IsLinux = true;
#else
constexpr bool IsLinux = false;
#endif
#if defined(SHAREDSEGMENT_PORTABLE)
constexpr bool IsPortable = true; ///< Linux by the rules of macOS
#else
constexpr bool IsPortable = false;
#endif
constexpr bool HasByteLocks = IsWindows || (IsLinux && !IsPortable);
/// Whether the temporary name of a removed file exists until the last process closes the file.
constexpr bool KeepsRemovedNames = IsWindows;
constexpr bool HasOwnerMarks = IsLinux && !IsPortable;

/// No event takes longer, on a machine with too much to do.
constexpr std::chrono::seconds Deadline{10};
/// How long something must not happen.
constexpr std::chrono::milliseconds Moment{30};

/// Runs a suite in a registry folder of its own, or this process as one of the suite's children.
/// @param answer the commands of a child
int run(int argc, char **argv, std::initializer_list<check::Section> sections,
        const std::function<std::string(const Words &)> &answer = {});

/// The suite's registry folder. It is the same in the children. Its parent folder is the suite's own, too.
const sharedsegment::os::Folder &folder();
std::string parentFolder();

/// A new instance in hexadecimal digits.
std::string freshInstance();

/// Whether the handle is readable (signalled) now, or in time. On Windows this consumes a notification.
bool isReadable(sharedsegment::os::Handle::Native native);
bool becomesReadable(sharedsegment::os::Handle::Native native);

/// Whether an emulator runs this program. The system then sees the emulator's program.
bool isEmulated();

/// The number of open descriptors (handles) of this process; 0 if unknown.
std::size_t openDescriptors();

/// The code of a Result or Status as a word: "ok" on success.
template<typename Outcome>
std::string wordOf(const Outcome &outcome)
{
    return outcome ? "ok" : sharedsegment::textOf(outcome.error().code);
}

template<typename Outcome>
bool reportOk(const Outcome &outcome, const char *text, const char *file, int line)
{
    return check::report(static_cast<bool>(outcome), file, line,
                         outcome ? std::string()
                                 : std::string(text) + " failed: " + sharedsegment::textOf(outcome.error().code) + ": "
                                       + outcome.error().text);
}

template<typename Outcome>
bool reportError(const Outcome &outcome, sharedsegment::ErrorCode code, const char *text, const char *file, int line)
{
    const bool holds = !outcome && outcome.error().code == code;
    return check::report(holds, file, line,
                         std::string(text) + " is "
                             + (outcome ? "no error"
                                        : sharedsegment::textOf(outcome.error().code) + (": " + outcome.error().text))
                             + ", expected " + sharedsegment::textOf(code));
}

} // namespace suite

#define CHECK_OK(outcome) suite::reportOk((outcome), #outcome, __FILE__, __LINE__)
#define CHECK_ERROR(outcome, code) suite::reportError((outcome), (code), #outcome, __FILE__, __LINE__)
