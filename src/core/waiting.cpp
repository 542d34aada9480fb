// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Waiting without an event loop, and equal peers, one of which owns the segment that all use.

#include "memorycheck_p.h"
#include "sharedsegment_p.h"

#include "../engine/awaitname.h"
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
/// How long another thread waits until the object's thread, which may have no event loop, has opened the replacement.
constexpr std::chrono::seconds ReplacementWait{1};
constexpr std::chrono::milliseconds ReplacementPause{1};

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
    using Outcome = engine::UpdateWaiter::Outcome;
    Q_Q(SharedSegment);
    const bool isOwn = isOwnThread();
    const engine::Deadline end = toDeadline(deadline);
    for (;;) {
        const std::shared_ptr<Segment> segment = sharedSegment();
        sharedsegment::Error error;
        if (!segment)
            error = errors::notOpen();
        else if (!segment->isOfThisProcess())
            error = segment->view().notOfThisProcess();
        else if (segment->isExternal())
            error = errors::noNotifications();
        if (failed(error)) {
            reportRead(error);
            return false;
        }
        if (!isOwn) {
            const Outcome outcome = engine::UpdateWaiter(segment).wait(since, end);
            if (outcome == Outcome::OwnerGone && segment->owner().isReplaced() && awaitReplacement(segment, end))
                continue;
            return outcome == Outcome::Updated;
        }
        if (!m_waiter || m_waiter->segment() != segment)
            m_waiter = std::make_unique<engine::UpdateWaiter>(segment);
        const Outcome outcome = m_waiter->wait(since, end);
        if (outcome != Outcome::OwnerGone) {
            clearError();
            return outcome == Outcome::Updated;
        }
        const QPointer<SharedSegment> guard(q);
        handleOwnerGone();
        if (!guard)
            return false;
        if (m_segment == segment)
            return fail({ErrorCode::NotFound,
                         "the owner of \"" + segment->name() + "\" is gone; call waitForOpened() for its next one"});
        if (!segment->owner().isReplaced() || m_state != SharedSegment::State::Open)
            return false;
    }
}

bool SharedSegmentPrivate::awaitReplacement(const std::shared_ptr<Segment> &old, engine::Deadline deadline) const
{
    const engine::Deadline end = std::min(deadline, std::chrono::steady_clock::now() + ReplacementWait);
    while (sharedSegment() == old) {
        if (engine::hasExpired(end))
            return false;
        std::this_thread::sleep_for(ReplacementPause);
    }
    return true;
}

qintptr SharedSegmentPrivate::updateDescriptor()
{
    if (!isOpen()) {
        fail(errors::notOpen());
        return -1;
    }
    if (!m_segment->isOfThisProcess()) {
        fail(m_segment->view().notOfThisProcess());
        return -1;
    }
    if (m_segment->isExternal()) {
        fail(errors::noNotifications());
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
