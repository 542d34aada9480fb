// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <ratio>

namespace sharedsegment::os {

/// A maximum waiting time. Accepts any duration, including the longest, and can be added to any clock without overflow:
/// values above ten years become ten years, values below zero become zero.
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
    /// Ten years also fit where the seconds since 1970 have 31 bits, for some years to come.
    static constexpr std::chrono::seconds Longest = std::chrono::hours(24 * 365 * 10);

    std::chrono::nanoseconds m_wait;
};

} // namespace sharedsegment::os
