// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#ifdef _WIN32

#include <mutex>

namespace sharedsegment::os {

/// Windows has no fork. Not on atomic waits: those of libstdc++ 12 lose notifications where the system has no futex.
using ForkSafeMutex = std::mutex;

} // namespace sharedsegment::os

#else

#include "processtoken.h"

#include <atomic>

namespace sharedsegment::os {

/// A mutex that stays usable in a forked child. If a thread of the parent holds the mutex at the fork, the mutex is
/// free in the child, where that thread does not exist.
///
/// The protected data must be consistent at every moment, or change only under a ForkBarrier. Hold it for a few
/// instructions or one system call. Not recursive.
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
                continue; // Free, or held by an ancestor process: the next iteration takes it.
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

#endif
