// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Reacts to updates, to the owner's end and to another thread; decides whether updates need a listener.

#include "sharedsegment_p.h"

#include "../os/lasting.h"

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QMetaMethod>
#include <QtCore/QPointer>

#include <algorithm>
#include <array>
#include <utility>

namespace {

/// The number of elements of a revision that could not be read.
qint64 countOf(const sharedsegment::engine::Segment &segment)
{
    const sharedsegment::engine::Geometry &geometry = segment.geometry();
    return geometry.kind == sharedsegment::engine::Kind::VariableArray ? 0 : static_cast<qint64>(geometry.capacity);
}

const std::array<QMetaMethod, 4> &updateSignals()
{
    static constinit sharedsegment::os::Lasting<std::array<QMetaMethod, 4>> methods;
    return methods.get([] {
        return std::array{QMetaMethod::fromSignal(&SharedSegment::updated),
                          QMetaMethod::fromSignal(&SharedSegment::revisionChanged),
                          QMetaMethod::fromSignal(&SharedSegment::updatedAtChanged),
                          QMetaMethod::fromSignal(&SharedSegment::sourceUpdatedAtChanged)};
    });
}

} // namespace

SharedRevision SharedSegmentPrivate::newest() const
{
    if (!m_segment)
        return {};
    // Reading nothing returns number, times and count of one revision, unless a writer interferes.
    SharedRevision revision;
    if (!tryRead({}, 0, &revision))
        revision = {m_segment->revision(), 0, countOf(*m_segment)};
    return revision;
}

void SharedSegmentPrivate::handleUpdate()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    const std::shared_ptr<Segment> segment = m_segment;
    const SharedRevision revision = newest();
    if (m_watch)
        m_watch->setSeen(revision.number);
    Q_EMIT q->updated(revision);
    // A receiver may have closed the segment, or opened another one.
    if (guard)
        announceRevision(m_segment == segment ? revision : newest());
}

bool SharedSegmentPrivate::hasUpdateReceivers() const
{
    Q_Q(const SharedSegment);
    if (m_staleness.isWatched())
        return true;
    const auto &signals = updateSignals();
    return std::any_of(signals.begin(), signals.end(),
                       [q](const QMetaMethod &signal) { return q->isSignalConnected(signal); });
}

void SharedSegmentPrivate::checkEventLoop()
{
    if (m_state != SharedSegment::State::Open || QAbstractEventDispatcher::instance() || !hasUpdateReceivers())
        return;
    fail(noEventLoop(m_segment->isExternal() ? "updated() is not emitted; call read() when it is needed"
                                             : "updated() is not emitted; call waitForUpdated()"));
}

void SharedSegmentPrivate::rearm(const QMetaMethod &signal)
{
    Q_Q(SharedSegment);
    const auto &signals = updateSignals();
    if (!isOfStaleness(signal) && std::find(signals.begin(), signals.end(), signal) == signals.end())
        return;
    if (isOwnThread())
        checkEventLoop();
    if (isOwnThread() && !(m_watch && m_watch->ignoresOwnUpdates()))
        return;
    // Revisions published from here on are updates for the new receiver.
    const std::shared_ptr<Segment> segment = sharedSegment();
    if (!segment)
        return;
    auto resume = [this, segment = std::weak_ptr(segment), known = segment->revision()] {
        if (!m_segment || m_segment != segment.lock() || !m_watch || !m_watch->ignoresOwnUpdates())
            return;
        m_announced.revision = known;
        m_watch->rearm(known);
    };
    // Queued, so that no signal is emitted within connect().
    QMetaObject::invokeMethod(q, resume, Qt::QueuedConnection);
}

void SharedSegmentPrivate::changeThread()
{
    Q_Q(SharedSegment);
    m_staleness.pause();
    if (m_staleness.isWatched())
        countStalenessReceiversLater(q);
    // Releases the notifiers of the old thread's event loop here, in that thread, and sets them up again in the other
    // one. Timers and the queued call move with the object.
    const bool wasWaiting = m_folderWatch != nullptr;
    if (wasWaiting)
        stopWaiting();
    const bool hadWatch = m_watch && m_state == SharedSegment::State::Open;
    if (hadWatch)
        m_watch.release()->shutDown();
    if (!hadWatch && !wasWaiting)
        return;
    auto resume = [this, known = m_announced.revision] {
        if (m_state == SharedSegment::State::Open && !m_watch)
            startWatch(known);
        else if (m_state != SharedSegment::State::Open)
            activate();
    };
    QMetaObject::invokeMethod(q, resume, Qt::QueuedConnection);
}

void SharedSegmentPrivate::handleOwnerGone()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    if (m_state != SharedSegment::State::Open)
        return;
    if (followReplacement())
        return;
    // Announce the last revision before the owner's end.
    const quint64 last = m_segment->revision();
    if (last != m_announced.revision) {
        handleUpdate();
        if (!guard || m_state != SharedSegment::State::Open)
            return;
    }
    m_state = SharedSegment::State::Orphaned;
    announce();
    if (!guard || m_state != SharedSegment::State::Orphaned)
        return;
    Q_EMIT q->orphaned();
    if (guard && m_state == SharedSegment::State::Orphaned)
        activate();
}

void SharedSegmentPrivate::announceRevision(const SharedRevision &newest)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    m_staleness.take(newest);
    // Compares the number, not a QDateTime: making one in local time examines the time zone file.
    if (std::exchange(m_announced.timestamp, newest.timestamp) != newest.timestamp)
        Q_EMIT q->updatedAtChanged();
    if (guard && std::exchange(m_announced.sourceTimestamp, newest.sourceTimestamp) != newest.sourceTimestamp)
        Q_EMIT q->sourceUpdatedAtChanged();
    if (guard && std::exchange(m_announced.revision, newest.number) != newest.number)
        Q_EMIT q->revisionChanged();
    if (guard)
        announceStaleness();
}
