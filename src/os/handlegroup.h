// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <chrono>
#include <cstddef>
#include <span>

namespace sharedsegment::os {

/// Waits until one of the handles is readable (POSIX) or signalled (Windows). @returns its index, or -1 when the time is over. A signal may
/// end it earlier.
int waitForAny(std::span<const Handle::Native> handles, std::chrono::nanoseconds time);

/// One descriptor that is readable while one of several is. What is in it is closed by its owner, and leaves it by that.
class HandleGroup
{
public:
    HandleGroup() = default;

    /// @returns Unsupported where handles cannot be brought together.
    static Result<HandleGroup> of(std::span<const Handle::Native> handles);

    Handle::Native native() const { return m_handle.native(); }
    bool isActive() const { return m_handle.isValid(); }
    /// One more. @returns the system's error.
    Status add(Handle::Native handle);

private:
    Handle m_handle;
};

} // namespace sharedsegment::os
