// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Reacts to updates and to the owner's end; decides whether updates need a listener.

#include "sharedsegment_p.h"

#include "../os/lasting.h"

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QMetaMethod>
#include <QtCore/QPointer>

#include <algorithm>
#include <array>
#include <utility>

namespace {

const std::array<QMetaMethod, 3> &updateSignals()
{
    static constinit sharedsegment::os::Lasting<std::array<QMetaMethod, 3>> methods;
    return methods.get([] {
        return std::array{QMetaMethod::fromSignal(&SharedSegment::updated),
                          QMetaMethod::fromSignal(&SharedSegment::revisionChanged),
                          QMetaMethod::fromSignal(&SharedSegment::updatedAtChanged)};
    });
}

} // namespace

void SharedSegmentPrivate::handleUpdate(quint64 revision)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    Q_EMIT q->updated(revision);
    if (guard)
        announceRevision();
}

bool SharedSegmentPrivate::hasUpdateReceivers() const
{
    Q_Q(const SharedSegment);
    const auto &signals = updateSignals();
    return std::any_of(signals.begin(), signals.end(),
                       [q](const QMetaMethod &signal) { return q->isSignalConnected(signal); });
}

void SharedSegmentPrivate::checkEventLoop()
{
    if (m_state != SharedSegment::State::Open || !hasUpdateReceivers() || QAbstractEventDispatcher::instance())
        return;
    fail(noEventLoop(m_segment->isExternal() ? "updated() is not emitted; call read() when it is needed"
                                             : "updated() is not emitted; call waitForUpdated()"));
}

void SharedSegmentPrivate::rearm(const QMetaMethod &signal)
{
    Q_Q(SharedSegment);
    const auto &signals = updateSignals();
    if (std::find(signals.begin(), signals.end(), signal) == signals.end())
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

void SharedSegmentPrivate::handleOwnerGone()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    if (m_state != SharedSegment::State::Open)
        return;
    // Announce the last revision before the owner's end.
    const quint64 last = m_segment->revision();
    if (last != m_announced.revision) {
        handleUpdate(last);
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

void SharedSegmentPrivate::announceRevision()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    // Compares the number, not a QDateTime: making one in local time examines the time zone file.
    const qint64 timestamp = m_segment ? qint64(m_segment->timestamp()) : 0;
    if (std::exchange(m_announced.timestamp, timestamp) != timestamp)
        Q_EMIT q->updatedAtChanged();
    if (!guard)
        return;
    const quint64 revision = q->revision();
    if (std::exchange(m_announced.revision, revision) != revision)
        Q_EMIT q->revisionChanged();
}
