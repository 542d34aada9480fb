// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Waiting without an event loop, and equal peers, one of which owns the segment that all use.

#include "memorycheck_p.h"
#include "pollbackoff_p.h"
#include "sharedsegment_p.h"
#include "waiter_p.h"

#include "../os/folder.h"
#include "../os/pathwatch.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

using sharedsegment::ErrorCode;
using sharedsegment::Result;
using sharedsegment::Status;
namespace os = sharedsegment::os;

namespace {

// Polling interval if the system or the record has no place left for another listener.
constexpr std::chrono::milliseconds WithoutDoorbell{50};
constexpr int PeerTries = 200;
constexpr std::chrono::microseconds PeerPause{100};

std::chrono::nanoseconds timeLeft(QDeadlineTimer deadline, std::chrono::nanoseconds most)
{
    return deadline.isForever() ? most : std::min(most, std::chrono::nanoseconds(deadline.remainingTimeNSecs()));
}

/// Reads the last revision of an owner that is gone. Other writers may continue until they are notified.
/// @returns false if there is no whole revision.
bool readLast(const sharedsegment::segment::Segment &old, std::span<std::byte> to)
{
    for (int tries = 0; tries < PeerTries; ++tries) {
        sharedsegment::segment::RevisionInfo info;
        sharedsegment::Error error;
        if (old.read(to, 0, &info, &error))
            return true;
        if (error.code != ErrorCode::Busy)
            return false;
        std::this_thread::sleep_for(PeerPause);
    }
    return false;
}

} // namespace

Waiter::Waiter(std::shared_ptr<sharedsegment::segment::Segment> segment)
    : m_segment(std::move(segment))
{
    if (m_segment->isLocal())
        return;
    if (Result<sharedsegment::segment::OwnerWatch> watch = m_segment->watchOwner())
        m_owner = *std::move(watch);
}

bool Waiter::arm()
{
    if (m_listener.isListening()) {
        m_listener.drain();
        if (m_listener.arm())
            return true;
    }
    Result<sharedsegment::segment::Listener> listener = m_segment->listen();
    if (!listener || !listener->arm()) {
        m_listener.release();
        return false;
    }
    m_listener = std::move(*listener);
    // The previous listener left the group when it was closed.
    return !m_group.isActive() || m_group.add(m_listener.native());
}

Waiter::Outcome Waiter::wait(std::uint64_t since, QDeadlineTimer deadline)
{
    // A polled descriptor has to be armed. Without one, no doorbell is needed while there is an update.
    if (!m_group.isActive() && m_segment->revision() != since)
        return Outcome::Updated;
    for (;;) {
        const bool isArmed = arm();
        const bool isOwnerWatched = m_owner.isActive() || m_segment->isLocal();
        if (m_segment->revision() != since)
            return Outcome::Updated;
        const bool isGone = m_owner.hasEnded()
                         || (isArmed && isOwnerWatched ? m_segment->isClosedByOwner() : !m_segment->isOwnerAlive());
        if (isGone) // The last revision is reported before the owner's end.
            return m_segment->revision() != since ? Outcome::Updated : Outcome::OwnerGone;
        if (deadline.hasExpired())
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

Result<os::Handle::Native> Waiter::descriptor()
{
    if (m_group.isActive())
        return m_group.native();
    if (!m_listener.isListening()) {
        Result<sharedsegment::segment::Listener> listener = m_segment->listen();
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

bool SharedSegmentPrivate::waitForUpdated(quint64 since, QDeadlineTimer deadline)
{
    const bool isOwn = isOwnThread();
    const std::shared_ptr<Segment> segment = sharedSegment();
    sharedsegment::Error error;
    if (!segment)
        error = {ErrorCode::NotFound, "no segment is open; create or open it first"};
    else if (!segment->isOfThisProcess())
        error = segment->notOfThisProcess();
    else if (segment->isExternal())
        error = {ErrorCode::Unsupported, "external memory sends no notifications; call refresh()"};
    if (failed(error)) {
        reportRead(error);
        return false;
    }
    Waiter::Outcome outcome;
    if (isOwn) {
        if (!m_waiter || m_waiter->segment() != segment)
            m_waiter = std::make_unique<Waiter>(segment);
        outcome = m_waiter->wait(since, deadline);
    } else {
        outcome = Waiter(segment).wait(since, deadline);
    }
    if (!isOwn)
        return outcome == Waiter::Outcome::Updated;
    if (outcome != Waiter::Outcome::OwnerGone) {
        clearError();
        return outcome == Waiter::Outcome::Updated;
    }
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    handleOwnerGone();
    if (guard && m_segment == segment)
        fail({ErrorCode::NotFound,
              "the owner of \"" + segment->name() + "\" is gone; call waitForOpened() for its next one"});
    return false;
}

qintptr SharedSegmentPrivate::updateDescriptor()
{
    if (!isOpen()) {
        fail({ErrorCode::NotFound, "no segment is open; create or open it first"});
        return -1;
    }
    if (!m_segment->isOfThisProcess()) {
        fail(m_segment->notOfThisProcess());
        return -1;
    }
    if (m_segment->isExternal()) {
        fail({ErrorCode::Unsupported, "external memory sends no notifications; call refresh()"});
        return -1;
    }
    if (!m_waiter)
        m_waiter = std::make_unique<Waiter>(m_segment);
    const Result<os::Handle::Native> descriptor = m_waiter->descriptor();
    if (!descriptor) {
        fail(descriptor.error());
        return -1;
    }
    clearError();
    return static_cast<qintptr>(*descriptor);
}

bool SharedSegmentPrivate::waitForOpened(QDeadlineTimer deadline)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    Result<os::PathWatch> watch = os::PathWatch::start();
    PollBackoff interval;
    for (;;) {
        if (isOpenHere())
            return true;
        const std::string path = os::Folder::location();
        const bool isWatched = watch && watch->watch(path, os::placesOf(path));
        sharedsegment::segment::OwnerWatch owner;
        sharedsegment::Error error;
        if (m_isPeer)
            error = tryCreateOrOpen(m_layout, m_length);
        else if (isExternalWanted())
            error = tryOpenExternal(externalMemory(m_externalName, m_access), m_layout, m_externalOffset, m_access);
        else if (m_owner)
            error = tryCreate(m_layout, m_length);
        else
            error = tryOpen(m_access);
        if (!failed(error))
            return true;
        bool isNotified = isWatched && error.code == ErrorCode::NotFound && !isExternalWanted();
        switch (error.code) {
        case ErrorCode::AlreadyExists:
            if (const Result<std::string> name = toName(m_name)) {
                if (Result<sharedsegment::segment::OwnerWatch> present = Segment::watchOwnerOf(*name))
                    owner = *std::move(present);
                isNotified = isWatched && owner.isActive();
            }
            break;
        case ErrorCode::NotFound:
        case ErrorCode::Busy:
        case ErrorCode::OutOfMemory:
        case ErrorCode::SystemError:
            break;
        default: // Waiting does not help.
            return fail(error);
        }
        if (deadline.hasExpired()) {
            if (error.code == ErrorCode::NotFound && !isExternalWanted())
                error.text = whyNotFound();
            return fail(error);
        }
        std::vector<os::Handle::Native> handles;
        if (isWatched)
            handles.push_back(watch->native());
        if (owner.isActive())
            handles.push_back(owner.native());
        // Without a watch there is no notification: poll.
        const int wait = isNotified ? 1000 : interval.next();
        os::waitForAny(isNotified ? std::span<const os::Handle::Native>(handles)
                                  : std::span<const os::Handle::Native>(),
                       timeLeft(deadline, std::chrono::milliseconds(isNotified ? wait : std::min(wait, 100))));
        if (isWatched)
            watch->take();
        static_cast<void>(owner.hasEnded()); // Marks the instance as ended for the next lookup.
        if (!guard)
            return false;
    }
}

sharedsegment::Error SharedSegmentPrivate::tryCreateOrOpen(const SharedLayout &layout, qint64 length)
{
    if (isOpenHere())
        return {ErrorCode::InvalidState, "\"" + m_segment->name() + "\" is open already; close it first"};
    if (!layout.isValid())
        return noLayout();
    // The next owner continues with the last revision of the previous one.
    std::vector<std::byte> last;
    if (const std::shared_ptr<Segment> old = sharedSegment();
        old && layout.native() == *old->layout() && old->geometry().elementCount == static_cast<std::uint64_t>(length)
        && old->revision() > 0) {
        const std::uint64_t size = old->geometry().payloadSize;
        if (!hasMemoryFor(static_cast<qint64>(size)))
            return {ErrorCode::OutOfMemory, "there is no memory for the last values of \"" + old->name() + "\", "
                                                + std::to_string(size)
                                                + " bytes; close the object to begin without them"};
        last.resize(static_cast<std::size_t>(size));
        if (!readLast(*old, last))
            last.clear();
    }
    const SharedSegment::Access access = m_multipleWriters ? SharedSegment::Access::ReadWrite : m_access;
    sharedsegment::Error error;
    for (int tries = 0; tries < PeerTries; ++tries) {
        if (error = tryOpen(access, layout, length); error.code != ErrorCode::NotFound)
            return error;
        error = tryCreate(layout, length, last);
        if (error.code != ErrorCode::AlreadyExists)
            return error;
        // Another process is just creating or closing the segment.
        std::this_thread::sleep_for(PeerPause);
    }
    return {ErrorCode::Busy, "others keep taking and leaving the name \"" + m_name.toStdString() + "\"; try again"};
}

bool SharedSegmentPrivate::createOrOpen(const SharedLayout &layout, qint64 length)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    const sharedsegment::Error error = tryCreateOrOpen(layout, length);
    if (failed(error))
        return fail(error);
    if (!guard)
        return true;
    m_isPeer = true;
    // For the next attempt of `active`.
    m_layout = layout;
    m_layoutText = layout.text();
    m_length = length;
    return true;
}
