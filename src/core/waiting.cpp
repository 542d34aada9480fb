// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Waiting without an event loop.

#include "sharedsegment_p.h"

#include "../engine/awaitname.h"
#include "../engine/deadline.h"
#include "../engine/errors.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

using sharedsegment::ErrorCode;
using sharedsegment::Result;
using sharedsegment::Status;
namespace engine = sharedsegment::engine;
namespace errors = sharedsegment::engine::errors;

namespace {

/// How long another thread waits for the object's own thread, whose event loop goes over to a replaced segment.
constexpr std::chrono::seconds ReattachWait{1};

engine::Deadline toDeadline(QDeadlineTimer deadline)
{
    if (deadline.isForever())
        return engine::Deadline::max();
    return std::chrono::steady_clock::now() + toWait(deadline).nanoseconds();
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
        const Waiter::Outcome outcome = waiter().wait(since, end);
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

engine::UpdateWaiter &SharedSegmentPrivate::waiter()
{
    if (!m_waiter)
        m_waiter = std::make_unique<engine::UpdateWaiter>(m_segment);
    return *m_waiter;
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
    const Result<sharedsegment::os::Handle::Native> descriptor = waiter().descriptor();
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
        const sharedsegment::Error error = tryRequested();
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
