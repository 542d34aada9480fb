// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "handlenotifier_p.h"
#include "lookagaininterval_p.h"
#include "processnotifier_p.h"

#include "../segment/bell.h"
#include "../segment/segment.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>

#include <functional>
#include <memory>

/// Hears of news and of the owner's end for one opening of a segment, in the event loop of its thread. No thread, no polling:
/// only where the system or the record has no place left for another listener does it look from time to time.
class SegmentWatch : public QObject
{
    Q_OBJECT

public:
    /// What is newer than `known` is news.
    SegmentWatch(std::shared_ptr<sharedsegment::segment::Segment> segment, quint64 known);
    ~SegmentWatch() override;

    /// Whether news that follow each other within four milliseconds are looked for as often, instead of being rung for one by one: a
    /// publisher at 10 kHz would else keep the thread busy with being woken. Default: false.
    void setResting(bool rests) { m_rests = rests; }

    /// News that this process publishes itself are not awaited while `isHeard` says no when one has come: a publisher that does not
    /// listen to itself is not woken. Then hearAgain() is to be called as soon as somebody listens.
    void setHeard(std::function<bool()> isHeard) { m_isHeard = std::move(isHeard); }
    bool isDeaf() const { return m_isDeaf; }
    /// What is newer than `known` is news.
    void hearAgain(quint64 known);

    /// Gives up everything at once and is silent from then on. Deletes itself, later if one of its own signals is on its way.
    void retire();

Q_SIGNALS:
    void news(quint64 revision);
    void ownerGone();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    /// What the event loop calls goes through here, so that nobody deletes the object under its own feet.
    void handle(void (SegmentWatch::*what)());
    void stop();
    void setUp();
    void listen();
    /// @returns false when the owner is gone already.
    bool watchOwner();
    void hearBell();
    void hearNews();
    /// Asks to be told of the next news. To be followed by a look.
    void arm();
    void look();
    void armAndLook();
    void lookWhileResting();
    void lookWithoutBell();
    void lookWithoutOwner();
    void finish();

    std::shared_ptr<sharedsegment::segment::Segment> m_segment;
    sharedsegment::segment::Listener m_listener;
    std::unique_ptr<HandleNotifier> m_bellNotifier;
    std::unique_ptr<ProcessNotifier> m_owner;
    QBasicTimer m_withoutBell;
    QBasicTimer m_withoutOwner;
    LookAgainInterval m_untilNextLook;
    QBasicTimer m_rest; ///< runs while news come fast; nothing is armed then
    QElapsedTimer m_sinceNews;
    quint64 m_seen;
    std::function<bool()> m_isHeard;
    bool m_isDeaf = false;
    bool m_rests = false;
    bool m_isFinished = false;
    bool m_isStopped = false;
    int m_handling = 0;
};
