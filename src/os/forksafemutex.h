// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "processtoken.h"

#include <atomic>

namespace sharedsegment::os {

/// A mutex that a forked child never waits for in vain: one that a thread of the parent held at the fork is free in the child, where that
/// thread is not. What it guards must be whole at any moment, or be changed under a ForkBarrier alone. For a few instructions or one
/// call of the system; not recursive.
class ForkSafeMutex
{
public:
    constexpr ForkSafeMutex() = default;
    ForkSafeMutex(const ForkSafeMutex &) = delete;
    ForkSafeMutex &operator=(const ForkSafeMutex &) = delete;

    void lock()
    {
        const ProcessToken own = processToken();
        ProcessToken holder = 0;
        while (!m_holder.compare_exchange_weak(holder, own, std::memory_order_acquire, std::memory_order_relaxed)) {
            if (holder != own)
                continue; // Free, or of a process before this one: to be taken as it was found.
            m_holder.wait(own, std::memory_order_relaxed);
            holder = 0;
        }
    }

    void unlock()
    {
        m_holder.store(0, std::memory_order_release);
        m_holder.notify_one();
    }

private:
    std::atomic<ProcessToken> m_holder = 0;
};

} // namespace sharedsegment::os
