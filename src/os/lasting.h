// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <atomic>

namespace sharedsegment::os {

/// A value that is made when it is first asked for and lives until the process ends. For `static constinit` objects, in place of static
/// objects of the value's own type: those are destroyed before what was made earlier and may need them still, such as a program's static
/// owner, and a child that is forked while another thread makes one waits for that thread for ever.
template<typename T>
class Lasting
{
public:
    constexpr Lasting() = default;

    /// `make` may run in several threads at once: what the first one has made stays.
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
