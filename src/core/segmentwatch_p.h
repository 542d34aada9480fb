// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handlenotifier_p.h"
#include "processnotifier_p.h"

#include "../engine/listener.h"
#include "../engine/pollbackoff.h"
#include "../engine/segment.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>

#include <functional>
#include <memory>

/// Handles notifications of updates, of changes of a mirror's source, and of the owner's end for one opening of a segment, in
/// the event loop of its thread.
///
/// It uses no thread and does not poll, unless the system or the record has no place left for another listener.
class SegmentWatch : public QObject
{
    Q_OBJECT

public:
    /// Revisions newer than `known` are updates.
    SegmentWatch(std::shared_ptr<sharedsegment::engine::Segment> segment, quint64 known);
    ~SegmentWatch() override;

    /// Sets whether updates that follow each other within 4 ms are polled at that interval, without a notification for
    /// each: a publisher at 10 kHz would otherwise keep the thread busy with wake-ups. Default: false.
    void setThrottled(bool throttled) { m_isThrottled = throttled; }

    /// Ignores the updates of this process once one arrives while `hasUpdateReceivers` returns false: a publisher
    /// without receivers is not woken. Call rearm() when a receiver is connected.
    void setReceiverCheck(std::function<bool()> hasUpdateReceivers)
    {
        m_hasUpdateReceivers = std::move(hasUpdateReceivers);
    }
    bool ignoresOwnUpdates() const { return m_ignoresOwnUpdates; }
    /// Ends ignoring; revisions newer than `known` are updates.
    void rearm(quint64 known);

    /// Has a revision that a receiver of updated() has read meanwhile be no update any more.
    void setSeen(quint64 revision) { m_seen = revision; }

    /// Releases all resources at once and emits nothing from then on. Deletes itself; later if one of its handlers is
    /// running.
    void shutDown();

Q_SIGNALS:
    void updated(quint64 revision);
    /// The source of a mirror has changed.
    void sourceChanged();
    void ownerGone();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    /// Runs each handler of the event loop, so that a receiver does not delete the object during the call.
    void handle(void (SegmentWatch::*what)());
    void stop();
    void setUp();
    void listen();
    /// @returns false if the owner is gone already.
    bool watchOwner();
    void handleNotification();
    void handleUpdate();
    /// Requests a notification of the next update. Call checkForUpdate() afterwards.
    void arm();
    void checkForUpdate();
    void armAndCheck();
    void pollWhileThrottled();
    void pollWithoutDoorbell();
    void pollOwner();
    void finish();

    std::shared_ptr<sharedsegment::engine::Segment> m_segment;
    sharedsegment::engine::Listener m_listener;
    std::unique_ptr<HandleNotifier> m_doorbellNotifier;
    std::unique_ptr<ProcessNotifier> m_owner;
    QBasicTimer m_pollTimer;
    QBasicTimer m_ownerPollTimer;
    sharedsegment::engine::PollBackoff m_backoff;
    QBasicTimer m_throttle; ///< runs while updates follow each other quickly; nothing is armed then
    QElapsedTimer m_sinceUpdate;
    quint64 m_seen;
    sharedsegment::Source m_source;
    std::function<bool()> m_hasUpdateReceivers;
    bool m_ignoresOwnUpdates = false;
    bool m_isThrottled = false;
    bool m_isFinished = false;
    bool m_isStopped = false;
    int m_handling = 0;
};
