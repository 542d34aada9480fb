// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <atomic>

namespace sharedsegment::os {

/// A value that is created on first use and lives until the process ends. For `static constinit` objects.
///
/// Replaces function-local static objects, which have two problems. They are destroyed before objects that were created
/// earlier and may still need them, such as a program's static owner. And a child that is forked while another thread
/// initializes one waits for that thread forever.
template<typename T>
class Lasting
{
public:
    constexpr Lasting() = default;

    /// Thread-safe. Several threads may run `make` at once; the first result stays, the others are destroyed.
    template<typename Make>
    const T &get(Make make)
    {
        if (const T *const known = m_value.load(std::memory_order_acquire))
            return *known;
        const T *const fresh = new T(make());
        const T *known = nullptr;
        if (m_value.compare_exchange_strong(known, fresh, std::memory_order_acq_rel, std::memory_order_acquire))
            return *fresh;
        delete fresh;
        return *known;
    }

private:
    std::atomic<const T *> m_value = nullptr;
};

} // namespace sharedsegment::os
