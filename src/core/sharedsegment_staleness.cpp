// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The properties `age`, `stale` and `staleAfter`, and what is connected to them.

#include "sharedsegment_p.h"

#include "../os/lasting.h"

#include <QtCore/QMetaMethod>
#include <QtCore/QPointer>
#include <QtCore/QThread>

#include <algorithm>
#include <array>
#include <utility>

bool SharedSegmentPrivate::isOfStaleness(const QMetaMethod &signal)
{
    static constinit sharedsegment::os::Lasting<std::array<QMetaMethod, 2>> methods;
    const auto &both = methods.get([] {
        return std::array{QMetaMethod::fromSignal(&SharedSegment::staleChanged),
                          QMetaMethod::fromSignal(&SharedSegment::ageChanged)};
    });
    return std::find(both.begin(), both.end(), signal) != both.end();
}

void SharedSegmentPrivate::announceStaleness()
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    const Staleness::Changes changes = m_staleness.update(isLive());
    if (changes.stale)
        Q_EMIT q->staleChanged();
    if (guard && changes.age)
        Q_EMIT q->ageChanged();
}

void SharedSegmentPrivate::checkStaleness()
{
    // The notification of an update may be on its way.
    m_staleness.take(newest());
    announceStaleness();
}

void SharedSegmentPrivate::countStalenessReceivers()
{
    Q_Q(SharedSegment);
    // Unlike isSignalConnected(), this is exact after QML has unbound.
    m_staleness.setWatched(q->receivers(SIGNAL(staleChanged())) > 0, q->receivers(SIGNAL(ageChanged())) > 0);
}

void SharedSegmentPrivate::handleConnect(const QMetaMethod &signal)
{
    if (!isOfStaleness(signal))
        return;
    if (!isOwnThread()) {
        countStalenessReceiversLater(q_ptr);
        return;
    }
    const bool wasWatched = m_staleness.isWatched();
    countStalenessReceivers();
    m_staleness.take(newest());
    if (!wasWatched) // What the receiver reads now is no change.
        m_staleness.begin(isLive());
    countStalenessReceiversLater(q_ptr); // No signal is emitted within connect().
}

void SharedSegmentPrivate::handleDisconnect(SharedSegment *segment, const QMetaMethod &signal)
{
    // Without a signal, all of them.
    if (!signal.isValid() || isOfStaleness(signal))
        countStalenessReceiversLater(segment);
}

void SharedSegmentPrivate::countStalenessReceiversLater(SharedSegment *segment)
{
    // Other threads touch no member: the segment may be at its destruction. Nor may the receivers be counted at once: a
    // receiver at its destruction holds the lock of its connections.
    if (QThread::currentThread() == segment->thread()
        && std::exchange(segment->d_func()->m_isCountingStalenessReceivers, true))
        return;
    const auto count = [segment] {
        SharedSegmentPrivate *const d = segment->d_func();
        d->m_isCountingStalenessReceivers = false;
        const bool wasWatched = d->m_staleness.isWatched();
        d->countStalenessReceivers();
        if (!wasWatched) { // Connected in another thread; what it has read before is unknown.
            d->m_staleness.take(d->newest());
            d->m_staleness.beginUnknown(d->isLive());
        }
        d->announceStaleness();
    };
    QMetaObject::invokeMethod(segment, count, Qt::QueuedConnection);
}

qint64 SharedSegment::age() const
{
    Q_D(const SharedSegment);
    d->m_staleness.take(d->newest());
    return d->m_staleness.age();
}

bool SharedSegment::isStale() const
{
    Q_D(const SharedSegment);
    d->m_staleness.take(d->newest());
    return d->m_staleness.isStale(d->isLive());
}

int SharedSegment::staleAfter() const
{
    return d_func()->m_staleness.staleAfter();
}

void SharedSegment::setStaleAfter(int milliseconds)
{
    Q_D(SharedSegment);
    d->m_staleness.setStaleAfter(std::max(milliseconds, 0));
    d->announce();
}

void SharedSegment::resetStaleAfter()
{
    Q_D(SharedSegment);
    d->m_staleness.setStaleAfter(std::nullopt);
    d->announce();
}
