// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "ownerwatch.h"

#include "../os/handlegroup.h"
#include "../os/ownermark.h"
#include "knowninstances.h"

#include <chrono>
#include <span>

namespace sharedsegment::engine {

Result<OwnerWatch> OwnerWatch::start(const std::string &markPath, const InstanceId &instance, std::uint64_t pid,
                                     const std::function<bool()> &isOwnerPidVisible)
{
    Result<os::ProcessWatch> watch = os::OwnerMark::watch(markPath);
    if (!watch && watch.error().code == ErrorCode::Unsupported) {
        watch = os::ProcessWatch::start(pid);
        // Check after the watch has begun: before, the process may have become another program while its lock was not
        // free yet.
        if (watch && !isOwnerPidVisible())
            watch = Error{ErrorCode::Unsupported, "it is out of sight, or just ending; try again"};
    }
    // An owner that has ended keeps the name for a moment, so this is not NotFound.
    if (!watch)
        return Error{ErrorCode::Unsupported, "the owner cannot be watched: " + watch.error().text};
    return OwnerWatch(*std::move(watch), instance);
}

bool OwnerWatch::hasEnded() const
{
    if (!isActive())
        return false;
    const os::Handle::Native handle = native();
    if (os::waitForAny(std::span(&handle, 1), std::chrono::nanoseconds(0)) != 0 || !m_watch.hasEnded())
        return false;
    rememberEnded(m_instance);
    return true;
}

} // namespace sharedsegment::engine
