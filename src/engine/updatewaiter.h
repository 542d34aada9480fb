// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "deadline.h"
#include "listener.h"
#include "ownerwatch.h"
#include "segment.h"

#include "../os/handlegroup.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace sharedsegment::engine {

/// Waits for the next revision of one segment without an event loop. For one thread at a time.
class SHAREDSEGMENTENGINE_EXPORT UpdateWaiter
{
public:
    enum class Outcome { Updated, OwnerGone, TimedOut };

    explicit UpdateWaiter(std::shared_ptr<Segment> segment);

    /// Waits for revisions of `segment` from here on, which has replaced the present one. The descriptor stays the same,
    /// and is readable until the next wait().
    void follow(std::shared_ptr<Segment> segment);

    /// Waits until the newest revision differs from `since`, or until no update can come any more.
    Outcome wait(std::uint64_t since, Deadline deadline);

    /// Returns a descriptor that is readable when wait() would not block; from then on wait() re-arms it.
    /// @returns Busy when all places for listeners are taken; Unsupported where the system cannot group handles, and when
    /// the owner cannot be watched.
    Result<os::Handle::Native> descriptor();

private:
    /// Requests a notification of the next update. @returns false if none is available.
    bool arm();

    /// Where updates and the owner's end come from.
    struct Source
    {
        std::shared_ptr<Segment> segment;
        Listener listener;
        OwnerWatch owner;
    };
    /// Watches the owner, unless it is this process. @returns the error if that is not possible.
    Status watchOwner();

    Source m_source;
    std::optional<Source> m_previous; ///< keeps the descriptor readable after follow()
    os::HandleGroup m_group;
};

} // namespace sharedsegment::engine
