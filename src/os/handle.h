// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "processtoken.h"

#include <cstdint>
#include <utility>

namespace sharedsegment::os {

/// Prevents every thread of the process from forking during its lifetime. Whatever a thread opens meanwhile gets its
/// Handle before a child could inherit it unnoticed. Hold it for a single call that does not block.
class SHAREDSEGMENTENGINE_EXPORT ForkBarrier
{
public:
    ForkBarrier();
    ~ForkBarrier();
    ForkBarrier(const ForkBarrier &) = delete;
    ForkBarrier &operator=(const ForkBarrier &) = delete;
};

/// Owns a descriptor (POSIX) or a kernel handle (Windows) and closes it. Move-only. Not thread-safe.
///
/// In a forked child every Handle is closed at once and becomes invalid: the parent's locks, memory and doorbells never
/// live on in the child. Where no fork handler runs (_Fork, clone), the handle becomes invalid, but the descriptor
/// stays open.
class SHAREDSEGMENTENGINE_EXPORT Handle
{
public:
    using Native = std::intptr_t;
    static constexpr Native Invalid = -1;

    Handle() = default;
    /// Takes ownership of what the caller opened under the barrier.
    Handle(Native native, const ForkBarrier &barrier);
    /// Takes ownership of a descriptor that a forked child may keep, because nothing depends on its being open. Parent
    /// and child each close their own copy.
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
    /// Invalid if there is no handle, or in a forked child of its owner.
    Native native() const { return isValid() ? m_native : Invalid; }
    void reset();

private:
    Native m_native = Invalid;
    ProcessToken m_process = 0; ///< the owning process; 0: every process that has a copy
};

} // namespace sharedsegment::os
