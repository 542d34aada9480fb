// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "updatewaiter.h"

#include <chrono>
#include <utility>
#include <vector>

namespace sharedsegment::engine {

namespace {

// Polling interval if the system or the record has no place left for another listener.
constexpr std::chrono::milliseconds WithoutDoorbell{50};

} // namespace

UpdateWaiter::UpdateWaiter(std::shared_ptr<Segment> segment)
    : m_segment(std::move(segment))
{
    if (m_segment->view().isLocal())
        return;
    if (Result<OwnerWatch> watch = m_segment->owner().watch())
        m_owner = *std::move(watch);
}

bool UpdateWaiter::arm()
{
    if (m_listener.isListening()) {
        m_listener.drain();
        if (m_listener.arm())
            return true;
    }
    Result<Listener> listener = m_segment->listen();
    if (!listener || !listener->arm()) {
        m_listener.release();
        return false;
    }
    m_listener = std::move(*listener);
    // The previous listener left the group when it was closed.
    return !m_group.isActive() || m_group.add(m_listener.native());
}

UpdateWaiter::Outcome UpdateWaiter::wait(std::uint64_t since, Deadline deadline)
{
    // A polled descriptor has to be armed. Without one, no doorbell is needed while there is an update.
    if (!m_group.isActive() && m_segment->revision() != since)
        return Outcome::Updated;
    for (;;) {
        const bool isArmed = arm();
        const bool isOwnerWatched = m_owner.isActive() || m_segment->view().isLocal();
        if (m_segment->revision() != since)
            return Outcome::Updated;
        const bool isGone = m_owner.hasEnded()
                         || (isArmed && isOwnerWatched ? m_segment->owner().isClosed() : !m_segment->owner().isAlive());
        if (isGone) // The last revision is reported before the owner's end.
            return m_segment->revision() != since ? Outcome::Updated : Outcome::OwnerGone;
        if (hasExpired(deadline))
            return Outcome::TimedOut;
        std::vector<os::Handle::Native> handles;
        if (isArmed)
            handles.push_back(m_listener.native());
        if (m_owner.isActive())
            handles.push_back(m_owner.native());
        const std::chrono::nanoseconds most = isArmed && isOwnerWatched ? std::chrono::hours(1)
                                                                        : std::chrono::nanoseconds(WithoutDoorbell);
        os::waitForAny(handles, timeLeft(deadline, most));
    }
}

Result<os::Handle::Native> UpdateWaiter::descriptor()
{
    if (m_group.isActive())
        return m_group.native();
    if (!m_listener.isListening()) {
        Result<Listener> listener = m_segment->listen();
        if (!listener)
            return listener.error();
        m_listener = std::move(*listener);
    }
    std::vector<os::Handle::Native> handles{m_listener.native()};
    if (m_owner.isActive())
        handles.push_back(m_owner.native());
    Result<os::HandleGroup> group = os::HandleGroup::of(handles);
    if (!group)
        return group.error();
    m_group = *std::move(group);
    m_listener.arm();
    return m_group.native();
}

} // namespace sharedsegment::engine
