// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"
#include "handle.h"

#include <cstdint>
#include <utility>

namespace sharedsegment::os {

/// Reports the end of a process with a handle for an event loop. The report may come a moment before the kernel
/// releases the process's locks. On systems without owners' marks (OwnerMark) it also reports that the process has
/// become another program.
///
/// Owns the handle, not the process. The handle stays readable once the process has ended.
class SHAREDSEGMENTENGINE_EXPORT ProcessWatch
{
public:
    ProcessWatch() = default;

    /// Starts watching process `pid`. Another process may have taken over the number: check the owner's lock again
    /// after this call.
    /// @returns NotFound when no such process exists (any more); Unsupported where the system cannot watch one.
    static Result<ProcessWatch> start(std::uint64_t pid);

    /// Readable (POSIX) or signalled (Windows) once the process has ended.
    Handle::Native native() const { return m_handle.native(); }
    bool isActive() const { return m_handle.isValid(); }

    /// Whether the process's end is the reason why the handle is readable: any process can write to a mark. Call it
    /// when the handle is readable.
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
