// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "processtoken.h"

#include <cstdint>
#include <utility>

namespace sharedsegment::os {

/// While it lives no thread can fork: what is opened meanwhile has its Handle before a child could inherit it unseen. To be held
/// for as long as one call that does not wait.
class ForkBarrier
{
public:
    ForkBarrier();
    ~ForkBarrier();
    ForkBarrier(const ForkBarrier &) = delete;
    ForkBarrier &operator=(const ForkBarrier &) = delete;
};

/// Owns a descriptor (POSIX) or a kernel handle (Windows) and closes it. Move-only.
///
/// In a forked child every Handle is closed at once and its number forgotten: a lock, a memory or a doorbell that the
/// parent owns never lives on in the child. Where no fork handler runs (_Fork, clone) the number is forgotten alone.
class Handle
{
public:
    using Native = std::intptr_t;
    static constexpr Native Invalid = -1;

    Handle() = default;
    /// Takes what was opened under the barrier.
    Handle(Native native, const ForkBarrier &barrier);
    /// Takes what a forked child may keep, since nothing hangs on its being open: each process then has its own to close.
    static Handle keptInChildren(Native native)
    {
        Handle handle;
        handle.m_native = native;
        return handle;
    }
    Handle(Handle &&other) noexcept
        : m_native(std::exchange(other.m_native, Invalid))
        , m_process(other.m_process)
    {
    }
    Handle &operator=(Handle &&other) noexcept
    {
        if (this != &other) {
            reset();
            m_native = std::exchange(other.m_native, Invalid);
            m_process = other.m_process;
        }
        return *this;
    }
    ~Handle() { reset(); }

    bool isValid() const;
    /// Invalid if there is none, or in a forked child of who had it.
    Native native() const { return isValid() ? m_native : Invalid; }
    void reset();

private:
    Native m_native = Invalid;
    ProcessToken m_process = 0; ///< whose it is; 0: each process's that has it
};

} // namespace sharedsegment::os
