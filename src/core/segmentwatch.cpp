// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segmentwatch_p.h"

#include <QtCore/QTimerEvent>

#include <utility>

using namespace sharedsegment;

namespace {

// For listener 113 and the following, and where no descriptor is left for a doorbell.
constexpr int WithoutBellMilliseconds = 50;
// For an owner whose process cannot be watched, in another pid namespace, say.
constexpr int WithoutOwnerMilliseconds = 1000;

std::unique_ptr<QSocketNotifier> notifierFor(os::Handle::Native native)
{
    return std::make_unique<QSocketNotifier>(static_cast<qintptr>(native), QSocketNotifier::Read);
}

} // namespace

SegmentWatch::SegmentWatch(std::shared_ptr<segment::Segment> segment)
    : m_segment(std::move(segment))
    , m_seen(m_segment->frames().revision())
{
    if (m_segment->isLocal()) {
        m_segment->addObserver(this, [this] {
            QMetaObject::invokeMethod(this, &SegmentWatch::hearObserver, Qt::QueuedConnection);
        });
    }
    // A process that only reads and has no event loop pays for no doorbell.
    if (!m_segment->hasOnlyLocalWriters())
        QMetaObject::invokeMethod(this, &SegmentWatch::setUp, Qt::QueuedConnection);
}

SegmentWatch::~SegmentWatch()
{
    stop();
}

void SegmentWatch::stop()
{
    if (std::exchange(m_isStopped, true))
        return;
    m_isFinished = true;
    disconnect();
    if (m_segment->isLocal())
        m_segment->removeObserver(this);
    m_withoutBell.stop();
    m_withoutOwner.stop();
    // Not deleted: one of them may be what called.
    if (m_bellNotifier)
        m_bellNotifier->setEnabled(false);
    if (m_ownerNotifier)
        m_ownerNotifier->setEnabled(false);
    m_listener.release();
}

void SegmentWatch::setUp()
{
    if (m_isStopped)
        return;
    listen();
    watchOwner();
    look();
}

void SegmentWatch::listen()
{
    if (m_bellNotifier) {
        m_bellNotifier->setEnabled(false);
        m_bellNotifier.release()->deleteLater(); // It may be what called.
    }
    Result<segment::Listener> listener = m_segment->listen();
    if (!listener) {
        m_listener.release();
        if (!m_withoutBell.isActive())
            m_withoutBell.start(WithoutBellMilliseconds, Qt::CoarseTimer, this);
        return;
    }
    m_withoutBell.stop();
    m_listener = std::move(*listener);
    m_bellNotifier = notifierFor(m_listener.native());
    connect(m_bellNotifier.get(), &QSocketNotifier::activated, this, &SegmentWatch::hearBell);
    m_listener.arm();
}

void SegmentWatch::watchOwner()
{
    if (m_segment->isLocal())
        return;
    Result<os::ProcessWatch> watch = os::ProcessWatch::start(m_segment->geometry().pid);
    if (watch) {
        m_owner = std::move(*watch);
        m_ownerNotifier = notifierFor(m_owner.native());
        connect(m_ownerNotifier.get(), &QSocketNotifier::activated, this, [this] {
            m_ownerNotifier->setEnabled(false);
            finish();
        });
    }
    // The process may have ended before, and its number may be another's by now.
    if (!m_segment->isOwnerAlive())
        finish();
    else if (!watch)
        m_withoutOwner.start(WithoutOwnerMilliseconds, Qt::CoarseTimer, this);
}

void SegmentWatch::hearBell()
{
    if (m_isFinished)
        return;
    m_listener.drain();
    if (!m_listener.arm())
        listen();
    look();
}

void SegmentWatch::hearObserver()
{
    if (m_isStopped)
        return;
    m_segment->armObserver(this);
    look();
}

void SegmentWatch::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_withoutBell.timerId()) {
        listen();
        look();
    } else if (event->timerId() == m_withoutOwner.timerId() && !m_segment->isOwnerAlive()) {
        finish();
    }
}

void SegmentWatch::look()
{
    if (m_isFinished)
        return;
    if (m_segment->isClosedByOwner()) {
        finish();
        return;
    }
    const quint64 revision = m_segment->frames().revision();
    if (revision == m_seen)
        return;
    m_seen = revision;
    Q_EMIT news(revision); // May delete this.
}

void SegmentWatch::finish()
{
    if (m_isFinished)
        return;
    m_isFinished = true;
    m_withoutBell.stop();
    m_withoutOwner.stop();
    if (m_bellNotifier)
        m_bellNotifier->setEnabled(false);
    Q_EMIT ownerGone(); // May delete this.
}
