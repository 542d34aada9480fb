// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <cstdint>
#include <utility>

namespace sharedsegment::os {

/// Tells when a process is gone, by a handle that an event loop can watch. That may be a moment before its locks are. Where there are no
/// owners' marks (OwnerMark) it also tells when the process has become another program.
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

    /// Whether it is readable for that reason: a mark can be written to by anybody. Call it when it is readable.
    bool hasEnded() const;

private:
    friend class OwnerMark;
    enum class Kind { Process, Mark };
    explicit ProcessWatch(Handle handle, Kind kind = Kind::Process)
        : m_handle(std::move(handle))
        , m_kind(kind)
    {
    }

    Handle m_handle;
    Kind m_kind = Kind::Process;
};

} // namespace sharedsegment::os
