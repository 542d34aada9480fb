// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace sharedsegment::os {

/// Tries again and again until there is an answer: `tryLock` has none while somebody else holds the lock of `path`. It is tried once at least.
/// `finder` is what names that process to people.
template<typename TryLock>
Status lockWithin(std::chrono::milliseconds wait, const std::string &path, TryLock tryLock,
                  std::string_view finder = "\"fuser\" of the file")
{
    // Looking at the clock takes longer than most locks.
    std::optional<std::chrono::steady_clock::time_point> deadline;
    for (;;) {
        if (const std::optional<Status> answer = tryLock())
            return *answer;
        const auto now = std::chrono::steady_clock::now();
        if (!deadline)
            deadline = now + wait;
        if (now >= *deadline)
            return Error{ErrorCode::Busy,
                         "another process holds the sweepers' lock of \"" + path
                             + "\" and may be stopped; try again, or continue or end that process, which "
                             + std::string(finder) + " names"};
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

} // namespace sharedsegment::os
