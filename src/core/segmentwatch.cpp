// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segmentwatch_p.h"

#include <QtCore/QPointer>
#include <QtCore/QTimerEvent>

#include <algorithm>
#include <utility>

using namespace sharedsegment;

namespace {

// For listener 113 and the following, and where no descriptor is left for a doorbell.
constexpr int WithoutBellMilliseconds = 50;
// More often than screens show anything new.
constexpr int RestMilliseconds = 4;

} // namespace

SegmentWatch::SegmentWatch(std::shared_ptr<segment::Segment> segment, quint64 known)
    : m_segment(std::move(segment))
    , m_seen(known)
{
    if (m_segment->isLocal()) {
        m_segment->addObserver(this, [this] {
            QMetaObject::invokeMethod(
                this, [this] { handle(&SegmentWatch::hearNews); }, Qt::QueuedConnection);
        });
        // What came before the observer was there.
        if (m_segment->revision() != m_seen)
            QMetaObject::invokeMethod(
                this, [this] { handle(&SegmentWatch::hearNews); }, Qt::QueuedConnection);
    }
    // A process that only reads and has no event loop pays for no doorbell.
    if (!m_segment->hasOnlyLocalWriters())
        QMetaObject::invokeMethod(
            this, [this] { handle(&SegmentWatch::setUp); }, Qt::QueuedConnection);
}

SegmentWatch::~SegmentWatch()
{
    stop();
}

void SegmentWatch::retire()
{
    stop();
    if (m_handling > 0)
        deleteLater();
    else
        delete this;
}

void SegmentWatch::handle(void (SegmentWatch::*what)())
{
    // A forked child hears of nothing: what would tell it is its parent's.
    if (m_isStopped || !m_segment->isOfThisProcess())
        return;
    // A handler of ours may run an event loop in which we are called again, retired and deleted.
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
    if (m_segment->isLocal())
        m_segment->removeObserver(this);
    m_withoutBell.stop();
    m_withoutOwner.stop();
    m_rest.stop();
    // Not deleted: one of them may be what called.
    if (m_bellNotifier)
        m_bellNotifier->setEnabled(false);
    if (m_owner)
        m_owner->disconnect();
    m_listener.release();
    m_segment.reset();
}

void SegmentWatch::setUp()
{
    listen();
    if (watchOwner())
        look();
    else
        finish();
}

void SegmentWatch::listen()
{
    if (m_bellNotifier) {
        m_bellNotifier->setEnabled(false);
        m_bellNotifier.release()->deleteLater(); // It may be what called.
    }
    Result<segment::Listener> listener = m_segment->listen();
    // Without being armed it would never hear anything: then it is as good as none.
    if (!listener || !listener->arm()) {
        m_listener.release();
        if (!m_withoutBell.isActive())
            m_withoutBell.start(WithoutBellMilliseconds, Qt::CoarseTimer, this);
        return;
    }
    m_withoutBell.stop();
    m_listener = std::move(*listener);
    m_bellNotifier = std::make_unique<HandleNotifier>(m_listener.native());
    connect(m_bellNotifier.get(), &HandleNotifier::activated, this, [this] { handle(&SegmentWatch::hearBell); });
}

bool SegmentWatch::watchOwner()
{
    if (m_segment->isLocal())
        return true;
    if (Result<segment::OwnerWatch> watch = m_segment->watchOwner()) {
        m_owner = std::make_unique<ProcessNotifier>(std::move(*watch));
        connect(m_owner.get(), &ProcessNotifier::ended, this, [this] { handle(&SegmentWatch::finish); });
    }
    // The process may have ended before, and its number may be another's by now.
    if (!m_segment->isOwnerAlive())
        return false;
    if (!m_owner)
        m_withoutOwner.start(m_untilNextLook.next(), this);
    return true;
}

void SegmentWatch::hearBell()
{
    if (m_isFinished)
        return;
    m_listener.drain();
    hearNews();
}

void SegmentWatch::hearNews()
{
    if (m_isFinished)
        return;
    if (!m_rest.isActive()) {
        const bool isSoon = m_rests && m_sinceNews.isValid()
                         && m_sinceNews.nsecsElapsed() < RestMilliseconds * 1'000'000;
        m_sinceNews.start();
        if (isSoon)
            m_rest.start(RestMilliseconds, Qt::PreciseTimer, this);
        else
            arm();
    }
    look();
}

void SegmentWatch::arm()
{
    if (m_segment->isLocal()) {
        m_isDeaf = m_isHeard && !m_isHeard();
        if (!m_isDeaf)
            m_segment->armObserver(this);
    }
    if (m_listener.isListening() && !m_listener.arm())
        listen();
}

void SegmentWatch::hearAgain(quint64 known)
{
    if (!m_isDeaf)
        return;
    m_seen = std::max(m_seen, known);
    handle(&SegmentWatch::armAndLook);
}

void SegmentWatch::armAndLook()
{
    if (m_isFinished)
        return;
    arm();
    look();
}

void SegmentWatch::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_rest.timerId())
        handle(&SegmentWatch::lookWhileResting);
    else
        handle(event->timerId() == m_withoutBell.timerId() ? &SegmentWatch::lookWithoutBell
                                                           : &SegmentWatch::lookWithoutOwner);
}

void SegmentWatch::lookWhileResting()
{
    // What comes before this is armed again is found by the look after it.
    if (m_segment->revision() == m_seen) {
        m_rest.stop();
        arm();
    }
    look();
}

void SegmentWatch::lookWithoutBell()
{
    listen();
    // Where the record cannot be mapped, it does not tell that its owner closes either.
    if (m_listener.isListening() || m_segment->isOwnerAlive())
        look();
    else
        finish();
}

void SegmentWatch::lookWithoutOwner()
{
    if (!m_segment->isOwnerAlive())
        finish();
    else
        m_withoutOwner.start(m_untilNextLook.next(), this);
}

void SegmentWatch::look()
{
    if (m_isFinished)
        return;
    if (m_segment->isClosedByOwner()) {
        finish();
        return;
    }
    const quint64 revision = m_segment->revision();
    if (revision == m_seen)
        return;
    m_seen = revision;
    Q_EMIT news(revision); // May retire this.
}

void SegmentWatch::finish()
{
    if (m_isFinished)
        return;
    m_isFinished = true;
    m_withoutBell.stop();
    m_withoutOwner.stop();
    m_rest.stop();
    if (m_bellNotifier)
        m_bellNotifier->setEnabled(false);
    Q_EMIT ownerGone(); // May retire this.
}
