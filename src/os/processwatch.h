// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <cstdint>

namespace sharedsegment::os {

/// Tells when a process is gone, by a handle that an event loop can watch. That may be a moment before its locks are.
class ProcessWatch
{
public:
    ProcessWatch() = default;

    /// @returns NotFound when there is no such process (any more); Unsupported where the system cannot watch one.
    /// The number may have been taken over by another process: look at the lock once more afterwards.
    static Result<ProcessWatch> start(std::uint64_t pid);

    /// Readable (POSIX) or signalled (Windows) once the process is gone.
    Handle::Native native() const { return m_handle.native(); }
    bool isActive() const { return m_handle.isValid(); }

private:
    explicit ProcessWatch(Handle handle)
        : m_handle(std::move(handle))
    {
    }

    Handle m_handle;
};

} // namespace sharedsegment::os
