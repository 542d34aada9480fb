// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Waiting without an event loop, and equal peers, one of which owns the segment that all use.

#include "memorycheck_p.h"
#include "sharedsegment_p.h"

#include "../engine/awaitname.h"
#include "../engine/deadline.h"
#include "../engine/errors.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

using sharedsegment::ErrorCode;
using sharedsegment::Result;
using sharedsegment::Status;
namespace engine = sharedsegment::engine;
namespace errors = sharedsegment::engine::errors;

namespace {

constexpr int PeerTries = 200;
constexpr std::chrono::microseconds PeerPause{100};
/// How long another thread waits for the object's own thread, whose event loop goes over to a replaced segment.
constexpr std::chrono::seconds ReattachWait{1};

engine::Deadline toDeadline(QDeadlineTimer deadline)
{
    if (deadline.isForever())
        return engine::Deadline::max();
    return std::chrono::steady_clock::now() + toWait(deadline).nanoseconds();
}

/// Reads the last revision of an owner that is gone. Other writers may continue until they are notified.
/// @returns false if there is no whole revision.
bool readLast(const engine::Segment &old, std::vector<std::byte> &to)
{
    for (int tries = 0; tries < PeerTries; ++tries) {
        sharedsegment::RevisionInfo info;
        const Status read = old.read(to, 0, &info);
        if (read) {
            // A variable array's revision may have fewer elements.
            to.resize(static_cast<std::size_t>(info.count) * old.layout()->elementSize());
            return true;
        }
        if (read.error().code != ErrorCode::Busy)
            return false;
        std::this_thread::sleep_for(PeerPause);
    }
    return false;
}

} // namespace

bool SharedSegmentPrivate::waitForUpdated(quint64 since, QDeadlineTimer deadline)
{
    using Waiter = engine::UpdateWaiter;
    const bool isOwn = isOwnThread();
    const engine::Deadline end = toDeadline(deadline);
    std::shared_ptr<Segment> segment = sharedSegment();
    for (;;) {
        if (const sharedsegment::Error error = whyNoUpdates(segment.get()); failed(error)) {
            reportRead(error);
            return false;
        }
        if (!isOwn) {
            const Waiter::Outcome outcome = Waiter(segment).wait(since, end);
            if (outcome == Waiter::Outcome::OwnerGone && awaitReplacement(&segment, end))
                continue;
            return outcome == Waiter::Outcome::Updated;
        }
        if (!m_waiter || m_waiter->segment() != segment)
            m_waiter = std::make_unique<Waiter>(segment);
        const Waiter::Outcome outcome = m_waiter->wait(since, end);
        if (outcome != Waiter::Outcome::OwnerGone) {
            clearError();
            return outcome == Waiter::Outcome::Updated;
        }
        const QPointer<SharedSegment> guard(q_ptr);
        handleOwnerGone();
        if (!guard)
            return false;
        if (m_segment == segment)
            return fail({ErrorCode::NotFound,
                         "the owner of \"" + segment->name() + "\" is gone; call waitForOpened() for its next one"});
        segment = m_segment;
    }
}

sharedsegment::Error SharedSegmentPrivate::whyNoUpdates(const Segment *segment)
{
    if (!segment)
        return errors::notOpen();
    if (!segment->isOfThisProcess())
        return segment->view().notOfThisProcess();
    return segment->isExternal() ? errors::noNotifications() : sharedsegment::Error();
}

bool SharedSegmentPrivate::awaitReplacement(std::shared_ptr<Segment> *segment, engine::Deadline deadline) const
{
    if (!(*segment)->owner().isReplaced())
        return false;
    const engine::Deadline end = std::min(deadline, std::chrono::steady_clock::now() + ReattachWait);
    for (engine::PollBackoff pause; !engine::hasExpired(end);) {
        if (std::shared_ptr<Segment> present = sharedSegment(); present != *segment) {
            *segment = std::move(present);
            return true;
        }
        std::this_thread::sleep_for(engine::timeLeft(end, std::chrono::milliseconds(pause.next())));
    }
    return false;
}

qintptr SharedSegmentPrivate::updateDescriptor()
{
    if (const sharedsegment::Error error = whyNoUpdates(m_segment.get()); failed(error)) {
        fail(error);
        return -1;
    }
    if (!m_waiter)
        m_waiter = std::make_unique<engine::UpdateWaiter>(m_segment);
    const Result<sharedsegment::os::Handle::Native> descriptor = m_waiter->descriptor();
    if (!descriptor) {
        fail(descriptor.error());
        return -1;
    }
    clearError();
    return static_cast<qintptr>(*descriptor);
}

bool SharedSegmentPrivate::waitForOpened(QDeadlineTimer deadline)
{
    const auto attempt = [this]() -> Status {
        sharedsegment::Error error;
        if (m_isPeer)
            error = tryCreateOrOpen(m_layout, m_capacity);
        else if (isExternalWanted())
            error = tryOpenExternal(externalMemory(m_externalName, m_access), m_layout, m_externalOffset, m_access);
        else if (m_owner)
            error = tryCreate(m_kind, m_layout, m_capacity);
        else
            error = tryOpen(m_access);
        return failed(error) ? Status(error) : Status();
    };
    if (isOpenHere()) {
        clearError();
        return true;
    }
    const Result<std::string> name = toName(m_name);
    const std::string awaited = isExternalWanted() || !name ? std::string() : *name;
    const engine::Registry where = registry();
    const Status opened = engine::awaitName(where, awaited, attempt, toDeadline(deadline));
    if (opened)
        return true; // A receiver of the signals may have deleted this.
    if (opened.error().code == ErrorCode::NotFound && !isExternalWanted())
        return fail(notFound());
    return fail(opened.error());
}

sharedsegment::Error SharedSegmentPrivate::tryCreateOrOpen(const SharedLayout &layout, qint64 capacity)
{
    if (isOpenHere())
        return errors::openAlready(m_segment->name());
    if (!layout.isValid())
        return noLayout();
    // The next owner continues with the last revision of the previous one.
    std::vector<std::byte> last;
    if (const std::shared_ptr<Segment> old = sharedSegment();
        old && layout.native() == *old->layout() && old->geometry().capacity == static_cast<std::uint64_t>(capacity)
        && old->geometry().kind == static_cast<engine::Kind>(m_kind) && old->revision() > 0) {
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
        if (error = tryOpen(access, layout, capacity); error.code != ErrorCode::NotFound)
            return error;
        error = tryCreate(m_kind, layout, capacity, last);
        if (error.code != ErrorCode::AlreadyExists)
            return error;
        // Another process is just creating or closing the segment.
        std::this_thread::sleep_for(PeerPause);
    }
    return errors::nameContested(m_name.toStdString());
}

bool SharedSegmentPrivate::createOrOpen(const SharedLayout &layout, qint64 capacity)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    const sharedsegment::Error error = tryCreateOrOpen(layout, capacity);
    if (failed(error))
        return fail(error);
    if (!guard)
        return true;
    m_isPeer = true;
    // For the next attempt of `active`.
    m_layout = layout;
    m_layoutText = layout.text();
    m_capacity = capacity;
    return true;
}
