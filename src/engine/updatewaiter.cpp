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
    : m_source{std::move(segment), {}, {}}
{
    static_cast<void>(watchOwner());
}

Status UpdateWaiter::watchOwner()
{
    if (m_source.segment->view().isLocal() || m_source.owner.isActive())
        return {};
    Result<OwnerWatch> watch = m_source.segment->owner().watch();
    if (!watch)
        return watch.error();
    m_source.owner = *std::move(watch);
    return {};
}

void UpdateWaiter::follow(std::shared_ptr<Segment> segment)
{
    Source old = std::exchange(m_source, Source{std::move(segment), {}, {}});
    static_cast<void>(watchOwner());
    if (!m_group.isActive())
        return;
    // The old owner's mark and the old doorbell report the end, until wait() has checked the new segment.
    m_previous = std::move(old);
    if (m_source.owner.isActive())
        static_cast<void>(m_group.add(m_source.owner.native()));
    arm();
}

bool UpdateWaiter::arm()
{
    if (m_source.listener.isListening()) {
        m_source.listener.drain();
        if (m_source.listener.arm())
            return true;
    }
    Result<Listener> listener = m_source.segment->listen();
    if (!listener || !listener->arm()) {
        m_source.listener.release();
        return false;
    }
    m_source.listener = std::move(*listener);
    // The previous listener left the group when it was closed.
    return !m_group.isActive() || m_group.add(m_source.listener.native());
}

UpdateWaiter::Outcome UpdateWaiter::wait(std::uint64_t since, Deadline deadline)
{
    m_previous.reset();
    Segment &segment = *m_source.segment;
    // A polled descriptor has to be armed. Without one, no doorbell is needed while there is an update.
    if (!m_group.isActive() && segment.revision() != since)
        return Outcome::Updated;
    for (;;) {
        const bool isArmed = arm();
        const bool isOwnerWatched = m_source.owner.isActive() || segment.view().isLocal();
        if (segment.revision() != since)
            return Outcome::Updated;
        const bool isGone = m_source.owner.hasEnded()
                         || (isArmed && isOwnerWatched ? segment.owner().isClosed() : !segment.owner().isAlive());
        if (isGone) // The last revision is reported before the owner's end.
            return segment.revision() != since ? Outcome::Updated : Outcome::OwnerGone;
        if (hasExpired(deadline))
            return Outcome::TimedOut;
        std::vector<os::Handle::Native> handles;
        if (isArmed)
            handles.push_back(m_source.listener.native());
        if (m_source.owner.isActive())
            handles.push_back(m_source.owner.native());
        const std::chrono::nanoseconds most = isArmed && isOwnerWatched ? std::chrono::hours(1)
                                                                        : std::chrono::nanoseconds(WithoutDoorbell);
        os::waitForAny(handles, timeLeft(deadline, most));
    }
}

Result<os::Handle::Native> UpdateWaiter::descriptor()
{
    if (m_group.isActive())
        return m_group.native();
    if (!m_source.listener.isListening()) {
        Result<Listener> listener = m_source.segment->listen();
        if (!listener)
            return listener.error();
        m_source.listener = std::move(*listener);
    }
    // Without a watch the descriptor would not report that the owner was killed.
    if (const Status watched = watchOwner(); !watched)
        return watched.error();
    std::vector<os::Handle::Native> handles{m_source.listener.native()};
    if (m_source.owner.isActive())
        handles.push_back(m_source.owner.native());
    Result<os::HandleGroup> group = os::HandleGroup::of(handles);
    if (!group)
        return group.error();
    m_group = *std::move(group);
    m_source.listener.arm();
    return m_group.native();
}

} // namespace sharedsegment::engine
