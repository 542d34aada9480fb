// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "segmentfollower_p.h"

#include "userinterface_p.h"

#include <QtCore/QTimerEvent>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

SegmentFollower::SegmentFollower(Shows shows, const QString &type, const QObject *user)
    : m_shows(shows)
    , m_type(type)
    , m_user(user)
{
}

bool SegmentFollower::setSegment(SharedSegment *segment)
{
    if (m_segment == segment)
        return false;
    if (m_segment)
        m_segment->disconnect(this);
    m_timer.stop();
    m_isPending = false;
    m_segment = segment;
    if (segment) {
        // Not closed(): a segment that switches to the next instance of its name emits it in between, although nothing
        // changes for viewers.
        connect(segment, &SharedSegment::opened, this, &SegmentFollower::announceChange);
        connect(segment, &SharedSegment::stateChanged, this, &SegmentFollower::announceChange);
        connect(segment, &SharedSegment::reopened, this, &SegmentFollower::announceChange);
        connect(segment, &QObject::destroyed, this, [this] {
            m_timer.stop();
            m_isPending = false;
            m_segment.clear();
            Q_EMIT segmentDestroyed();
            Q_EMIT changed();
        });
        connectToUpdates();
    }
    m_reportedInstance.clear();
    m_warned.clear();
    announceChange();
    return true;
}

QString SegmentFollower::otherKind() const
{
    if (!m_segment || !m_segment->isOpen() || isShown())
        return QString();
    return m_shows == Shows::Streams
             ? u"\"%1\" is an array, and a %2 shows streams; show it by a SharedArrayModel"_s.arg(m_segment->name(),
                                                                                                  m_type)
             : u"\"%1\" is a stream, and a %2 shows arrays; show it by a SharedStreamModel"_s.arg(m_segment->name(),
                                                                                                  m_type);
}

void SegmentFollower::announceChange()
{
    const QPointer<SegmentFollower> guard(this);
    Q_EMIT changed();
    if (!guard)
        return;
    const QString text = otherKind();
    if (text.isEmpty() || std::exchange(m_reportedInstance, m_segment->instance()) == m_segment->instance())
        return;
    const FailureScope scope = failuresOf(u"kind"_s);
    m_segment->setError(SharedSegment::Error::LayoutMismatch, text);
}

void SegmentFollower::connectToUpdates()
{
    disconnect(m_updateConnection);
    if (m_segment && !m_isPaused)
        m_updateConnection = connect(m_segment, &SharedSegment::updated, this, &SegmentFollower::handleUpdate);
}

bool SegmentFollower::setMaximumRate(double maximumRate)
{
    const double rate = std::isfinite(maximumRate) ? std::max(maximumRate, 0.0) : 0.0;
    if (rate == m_maximumRate)
        return false;
    m_maximumRate = rate;
    if (m_timer.isActive())
        m_timer.start(interval(), Qt::PreciseTimer, this);
    return true;
}

bool SegmentFollower::setPaused(bool paused)
{
    if (std::exchange(m_isPaused, paused) == paused)
        return false;
    connectToUpdates();
    if (m_isPaused) {
        m_timer.stop();
        m_isPending = false;
    } else if (isOpen()) {
        handleUpdate();
    }
    return true;
}

void SegmentFollower::schedule()
{
    if (m_isPaused)
        return;
    m_isPending = true;
    if (!m_timer.isActive())
        m_timer.start(interval(), Qt::PreciseTimer, this);
}

bool SegmentFollower::scheduleNewer(quint64 known)
{
    const bool isNewer = !m_isPaused && isOpen() && m_segment->revision() != known;
    if (isNewer)
        schedule();
    return isNewer;
}

void SegmentFollower::handleUpdate()
{
    if (m_timer.isActive()) {
        m_isPending = true;
        return;
    }
    m_timer.start(interval(), Qt::PreciseTimer, this);
    Q_EMIT updated();
}

void SegmentFollower::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId()) {
        QObject::timerEvent(event);
        return;
    }
    // The timer keeps running while updates arrive, since starting a timer allocates.
    if (!std::exchange(m_isPending, false))
        m_timer.stop();
    else
        Q_EMIT updated();
}

int SegmentFollower::interval() const
{
    const double rate = m_maximumRate == 0 ? UserInterface::screenRate() : m_maximumRate;
    return static_cast<int>(std::clamp(1000.0 / rate, 1.0, 3.6e6));
}
