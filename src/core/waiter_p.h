// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/handlegroup.h"
#include "../segment/notification.h"
#include "../segment/ownerwatch.h"
#include "../segment/segment.h"

#include <QtCore/QDeadlineTimer>

#include <cstdint>
#include <memory>

/// Waits for the next revision of one segment without an event loop. For one thread at a time.
class Waiter
{
public:
    enum class Outcome { Updated, OwnerGone, TimedOut };

    explicit Waiter(std::shared_ptr<sharedsegment::segment::Segment> segment);

    const std::shared_ptr<sharedsegment::segment::Segment> &segment() const { return m_segment; }
    Outcome wait(std::uint64_t since, QDeadlineTimer deadline);
    /// Returns a descriptor that is readable when wait() would not block, or the error.
    sharedsegment::Result<sharedsegment::os::Handle::Native> descriptor();

private:
    /// Requests a notification of the next update. @returns false if none is available.
    bool arm();

    std::shared_ptr<sharedsegment::segment::Segment> m_segment;
    sharedsegment::segment::Listener m_listener;
    sharedsegment::segment::OwnerWatch m_owner;
    sharedsegment::os::HandleGroup m_group;
};
