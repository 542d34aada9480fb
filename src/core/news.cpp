// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What publications and the owner's end bring about in an opening, and who has to hear of them.

#include "sharedsegment_p.h"

#include "../os/lasting.h"

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QMetaMethod>
#include <QtCore/QPointer>

#include <algorithm>
#include <array>
#include <utility>

namespace {

const std::array<QMetaMethod, 3> &newsSignals()
{
    static constinit sharedsegment::os::Lasting<std::array<QMetaMethod, 3>> methods;
    return methods.get([] {
        return std::array{QMetaMethod::fromSignal(&SharedSegment::updated),
                          QMetaMethod::fromSignal(&SharedSegment::revisionChanged),
                          QMetaMethod::fromSignal(&SharedSegment::updatedAtChanged)};
    });
}

} // namespace

void SharedSegmentPrivate::hearNews(quint64 revision)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    Q_EMIT q->updated(revision);
    if (guard)
        announceRevision();
}

bool SharedSegmentPrivate::isHeard() const
{
    Q_Q(const SharedSegment);
    const auto &signals = newsSignals();
    return std::any_of(signals.begin(), signals.end(),
                       [q](const QMetaMethod &signal) { return q->isSignalConnected(signal); });
}

void SharedSegmentPrivate::checkEventLoop()
{
    if (m_state != SharedSegment::State::Open || !isHeard() || QAbstractEventDispatcher::instance())
        return;
    fail(noEventLoop(m_segment->isForeign() ? "updated() is not emitted; call read() when it is needed"
                                            : "updated() is not emitted; call waitForUpdated()"));
}

void SharedSegmentPrivate::hearAgain(const QMetaMethod &signal)
{
    Q_Q(SharedSegment);
    const auto &signals = newsSignals();
    if (std::find(signals.begin(), signals.end(), signal) == signals.end())
        return;
    if (isOwnThread())
        checkEventLoop();
    if (isOwnThread() && !(m_watch && m_watch->isDeaf()))
        return;
    // What is published from here on is news to who connects.
    const std::shared_ptr<Segment> segment = sharedSegment();
    if (!segment)
        return;
    auto hear = [this, segment = std::weak_ptr(segment), known = segment->revision()] {
        if (!m_segment || m_segment != segment.lock() || !m_watch || !m_watch->isDeaf())
            return;
        m_shown.revision = known;
        m_watch->hearAgain(known);
    };
    // Not from within connect().
    QMetaObject::invokeMethod(q, hear, Qt::QueuedConnection);
}

void SharedSegmentPrivate::hearOwnerGone()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    if (m_state != SharedSegment::State::Open)
        return;
    // The last publication comes before the end.
    const quint64 last = m_segment->revision();
    if (last != m_shown.revision) {
        hearNews(last);
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
    // Not the QDateTime: making one of local time looks at the time zone's file.
    const qint64 stamp = m_segment ? qint64(m_segment->stamp()) : 0;
    if (std::exchange(m_shown.stamp, stamp) != stamp)
        Q_EMIT q->updatedAtChanged();
    if (!guard)
        return;
    const quint64 revision = q->revision();
    if (std::exchange(m_shown.revision, revision) != revision)
        Q_EMIT q->revisionChanged();
}
