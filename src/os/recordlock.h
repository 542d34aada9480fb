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

/// Tries again and again until there is an answer: `tryLock` has none while somebody else holds the lock of `path`. It is tried once at least.
///
/// On a machine that has more to do than it can, a pause of a millisecond lasts twenty, and the lock's holder gets no processor either: within
/// 50 ms there were but seven tries, all of them while the holder waited for its turn. Therefore a pause counts two milliseconds at most,
/// and the whole may take four times as long as asked for.
///
/// `findHolder` is asked for the pid of who holds it, 0 where that is not known; `finder` is what else names that process to people.
template<typename TryLock, typename FindHolder>
Status lockWithin(std::chrono::milliseconds wait, const std::string &path, TryLock tryLock, FindHolder findHolder,
                  std::string_view finder = "\"fuser\" of the file")
{
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::milliseconds Pause{1};
    constexpr Clock::duration LongestPause = 2 * Pause;
    // Looking at the clock takes longer than most locks.
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
            // Who does not wait does not ask why.
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
