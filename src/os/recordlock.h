// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "system.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace sharedsegment::os {

/// Repeats `tryLock` until it returns a result; it returns none while another process holds the lock of `path`. Calls
/// it at least once.
///
/// On an overloaded machine a pause of one millisecond lasts twenty, and the lock's holder gets no processor time
/// either: only seven attempts fitted into 50 ms, all of them while the holder waited to run. Therefore a pause counts
/// as two milliseconds at most, and the total may reach four times `wait`.
///
/// @param findHolder returns the pid of the lock's holder, 0 if unknown
/// @param finder for the error text: another way to find that process
template<typename TryLock, typename FindHolder>
Status lockWithin(std::chrono::milliseconds wait, const std::string &path, TryLock tryLock, FindHolder findHolder,
                  std::string_view finder = "\"fuser\" of the file")
{
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds Pause{1};
    constexpr Clock::duration LongestPause = 2 * Pause;
    // Read the clock only after the first failure: that takes longer than most locks.
    std::optional<Clock::time_point> begin;
    Clock::time_point last;
    Clock::duration waited{0};
    for (;;) {
        if (const std::optional<Status> answer = tryLock())
            return *answer;
        const Clock::time_point now = Clock::now();
        if (begin)
            waited += std::min(now - last, LongestPause);
        else
            begin = now;
        last = now;
        if (waited >= wait || now - *begin >= 4 * wait) {
            // A caller that does not wait does not need the holder's name.
            const std::uint64_t holder = wait > std::chrono::milliseconds::zero() ? findHolder() : 0;
            return Error{ErrorCode::Busy,
                         (holder != 0 ? describeProcess(holder) + "," : std::string("another process"))
                             + " holds the sweepers' lock of \"" + path
                             + "\" and may be stopped; try again, or continue or end that process"
                             + (holder != 0 ? std::string() : ", which " + std::string(finder) + " names")};
        }
        std::this_thread::sleep_for(Pause);
    }
}

} // namespace sharedsegment::os
