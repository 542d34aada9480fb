// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segmentwatch_p.h"

#include <QtCore/QPointer>
#include <QtCore/QTimerEvent>

#include <algorithm>
#include <utility>

using namespace sharedsegment;

namespace {

// Polling interval without a doorbell: from the 113th listener on, or if no descriptor is left.
constexpr int PollMilliseconds = 50;
// Coalescing interval; shorter than a screen's refresh interval.
constexpr int ThrottleMilliseconds = 4;

} // namespace

SegmentWatch::SegmentWatch(std::shared_ptr<engine::Segment> segment, quint64 known)
    : m_segment(std::move(segment))
    , m_seen(known)
    , m_source(m_segment->owner().source())
{
    if (m_segment->view().isLocal()) {
        m_segment->observers().add(this, [this] {
            QMetaObject::invokeMethod(
                this, [this] { handle(&SegmentWatch::handleUpdate); }, Qt::QueuedConnection);
        });
        // A revision may have been published before the observer was added.
        if (m_segment->revision() != m_seen)
            QMetaObject::invokeMethod(
                this, [this] { handle(&SegmentWatch::handleUpdate); }, Qt::QueuedConnection);
    }
    // Queued: a process that only reads and runs no event loop makes no doorbell.
    if (!m_segment->view().hasOnlyLocalWriters())
        QMetaObject::invokeMethod(
            this, [this] { handle(&SegmentWatch::setUp); }, Qt::QueuedConnection);
}

SegmentWatch::~SegmentWatch()
{
    stop();
}

void SegmentWatch::shutDown()
{
    stop();
    if (m_handling > 0)
        deleteLater();
    else
        delete this;
}

void SegmentWatch::handle(void (SegmentWatch::*what)())
{
    // A forked child gets no notifications: the handles are its parent's.
    if (m_isStopped || !m_segment->isOfThisProcess())
        return;
    // The handler may run an event loop that calls this object again, shuts it down and deletes it.
    const QPointer<SegmentWatch> guard(this);
    ++m_handling;
    (this->*what)();
    if (guard)
        --m_handling;
}

void SegmentWatch::stop()
{
    if (std::exchange(m_isStopped, true))
        return;
    m_isFinished = true;
    disconnect();
    if (m_segment->view().isLocal())
        m_segment->observers().remove(this);
    m_pollTimer.stop();
    m_ownerPollTimer.stop();
    m_throttle.stop();
    // Not deleted: one of them may be on the call stack.
    if (m_doorbellNotifier)
        m_doorbellNotifier->setEnabled(false);
    if (m_owner)
        m_owner->disconnect();
    m_listener.release();
    m_segment.reset();
}

void SegmentWatch::setUp()
{
    listen();
    if (watchOwner())
        checkForUpdate();
    else
        finish();
}

void SegmentWatch::listen()
{
    if (m_doorbellNotifier) {
        m_doorbellNotifier->setEnabled(false);
        m_doorbellNotifier.release()->deleteLater(); // It may be on the call stack.
    }
    Result<engine::Listener> listener = m_segment->listen();
    // A listener that cannot be armed gets no notification: poll instead.
    if (!listener || !listener->arm()) {
        m_listener.release();
        if (!m_pollTimer.isActive())
            m_pollTimer.start(PollMilliseconds, Qt::CoarseTimer, this);
        return;
    }
    m_pollTimer.stop();
    m_listener = std::move(*listener);
    m_doorbellNotifier = std::make_unique<HandleNotifier>(m_listener.native());
    connect(m_doorbellNotifier.get(), &HandleNotifier::activated, this,
            [this] { handle(&SegmentWatch::handleNotification); });
}

bool SegmentWatch::watchOwner()
{
    if (m_segment->view().isLocal())
        return true;
    if (Result<engine::OwnerWatch> watch = m_segment->owner().watch()) {
        m_owner = std::make_unique<ProcessNotifier>(std::move(*watch));
        connect(m_owner.get(), &ProcessNotifier::ended, this, [this] { handle(&SegmentWatch::finish); });
    }
    // The process may have ended before, and another process may have its pid.
    if (!m_segment->owner().isAlive())
        return false;
    if (!m_owner)
        m_ownerPollTimer.start(m_backoff.next(), this);
    return true;
}

void SegmentWatch::handleNotification()
{
    if (m_isFinished)
        return;
    m_listener.drain();
    handleUpdate();
}

void SegmentWatch::handleUpdate()
{
    if (m_isFinished)
        return;
    if (!m_throttle.isActive()) {
        const bool isSoon = m_isThrottled && m_sinceUpdate.isValid()
                         && m_sinceUpdate.nsecsElapsed() < ThrottleMilliseconds * 1'000'000;
        m_sinceUpdate.start();
        if (isSoon)
            m_throttle.start(ThrottleMilliseconds, Qt::PreciseTimer, this);
        else
            arm();
    }
    checkForUpdate();
}

void SegmentWatch::arm()
{
    if (m_segment->view().isLocal()) {
        m_ignoresOwnUpdates = m_hasUpdateReceivers && !m_hasUpdateReceivers();
        if (!m_ignoresOwnUpdates)
            m_segment->observers().arm(this);
    }
    if (m_listener.isListening() && !m_listener.arm())
        listen();
}

void SegmentWatch::rearm(quint64 known)
{
    if (!m_ignoresOwnUpdates)
        return;
    m_seen = std::max(m_seen, known);
    handle(&SegmentWatch::armAndCheck);
}

void SegmentWatch::armAndCheck()
{
    if (m_isFinished)
        return;
    arm();
    checkForUpdate();
}

void SegmentWatch::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_throttle.timerId())
        handle(&SegmentWatch::pollWhileThrottled);
    else
        handle(event->timerId() == m_pollTimer.timerId() ? &SegmentWatch::pollWithoutDoorbell
                                                         : &SegmentWatch::pollOwner);
}

void SegmentWatch::pollWhileThrottled()
{
    // checkForUpdate() finds revisions that are published before arm().
    if (m_segment->revision() == m_seen) {
        m_throttle.stop();
        arm();
    }
    checkForUpdate();
}

void SegmentWatch::pollWithoutDoorbell()
{
    listen();
    // A record that cannot be mapped does not show that its owner has closed it either.
    if (m_listener.isListening() || m_segment->owner().isAlive())
        checkForUpdate();
    else
        finish();
}

void SegmentWatch::pollOwner()
{
    if (!m_segment->owner().isAlive())
        finish();
    else
        m_ownerPollTimer.start(m_backoff.next(), this);
}

void SegmentWatch::checkForUpdate()
{
    if (m_isFinished)
        return;
    if (m_segment->owner().isClosed()) {
        finish();
        return;
    }
    if (const Source source = m_segment->owner().source(); std::exchange(m_source, source) != source) {
        const QPointer<SegmentWatch> guard(this);
        Q_EMIT sourceChanged(); // A receiver may shut this down.
        if (!guard || m_isFinished)
            return;
    }
    const quint64 revision = m_segment->revision();
    if (revision == m_seen)
        return;
    m_seen = revision;
    Q_EMIT updated(revision); // A receiver may shut this down.
}

void SegmentWatch::finish()
{
    if (m_isFinished)
        return;
    m_isFinished = true;
    m_pollTimer.stop();
    m_ownerPollTimer.stop();
    m_throttle.stop();
    if (m_doorbellNotifier)
        m_doorbellNotifier->setEnabled(false);
    Q_EMIT ownerGone(); // A receiver may shut this down.
}
