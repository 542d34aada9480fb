// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"
#include "handle.h"

#include <chrono>
#include <cstddef>
#include <span>

namespace sharedsegment::os {

/// Waits until one of the handles is readable (POSIX) or signalled (Windows).
/// @returns its index, or -1 on timeout. A signal may end the wait early.
SHAREDSEGMENTENGINE_EXPORT int waitForAny(std::span<const Handle::Native> handles, std::chrono::nanoseconds time);

/// One descriptor that is readable while at least one of its members is readable. Owns only its own descriptor, not the
/// members; a member leaves the group when its owner closes it.
class SHAREDSEGMENTENGINE_EXPORT HandleGroup
{
public:
    HandleGroup() = default;

    /// @returns Unsupported where the system cannot group handles.
    static Result<HandleGroup> of(std::span<const Handle::Native> handles);

    Handle::Native native() const { return m_handle.native(); }
    bool isActive() const { return m_handle.isValid(); }
    /// Adds a member. @returns the system's error.
    Status add(Handle::Native handle);

private:
    Handle m_handle;
};

} // namespace sharedsegment::os
