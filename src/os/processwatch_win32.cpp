// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "processwatch.h"

#include "support_win32.h"

namespace sharedsegment::os {

Result<ProcessWatch> ProcessWatch::start(std::uint64_t pid)
{
    Handle handle = openProcess(SYNCHRONIZE, pid);
    if (!handle.isValid()) {
        Error error = lastError("watching process", std::to_string(pid));
        // The system's way to report that no such process exists.
        if (error.system == ERROR_INVALID_PARAMETER)
            error.code = ErrorCode::NotFound;
        return error;
    }
    return ProcessWatch(std::move(handle));
}

} // namespace sharedsegment::os
