// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <ratio>

namespace sharedsegment::os {

/// How long to wait at most. Any duration becomes one, the longest of all too, and can be added to any clock without an overflow: what is
/// longer than ten years is ten years, what is below zero none.
class Wait
{
public:
    template<typename Rep, typename Period>
    requires std::ratio_less_equal_v<Period, std::ratio<1>>
    constexpr Wait(std::chrono::duration<Rep, Period> wait)
        : m_wait(wait >= Longest      ? std::chrono::nanoseconds(Longest)
                 : wait > wait.zero() ? std::chrono::duration_cast<std::chrono::nanoseconds>(wait)
                                      : std::chrono::nanoseconds(0))
    {
    }

    constexpr std::chrono::nanoseconds nanoseconds() const { return m_wait; }

private:
    /// Also where the seconds since 1970 have 31 bits, for some years yet.
    static constexpr std::chrono::seconds Longest = std::chrono::hours(24 * 365 * 10);

    std::chrono::nanoseconds m_wait;
};

} // namespace sharedsegment::os
