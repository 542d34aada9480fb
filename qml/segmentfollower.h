// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedSegment>

#include <QtCore/QBasicTimer>
#include <QtCore/QObject>
#include <QtCore/QPointer>

#include <chrono>

/// The GUI thread waits for other writers no longer than people notice.
constexpr std::chrono::milliseconds EditWait{50};

/// Follows one segment for something that shows it: says what has changed, at most once a frame.
///
/// The first news after a quiet time is passed on at once; a timer runs only while there is news.
class SegmentFollower : public QObject
{
    Q_OBJECT

public:
    explicit SegmentFollower(QObject *parent = nullptr);

    SharedSegment *segment() const { return m_segment; }
    /// @returns whether it is another one. Emits changed().
    bool setSegment(SharedSegment *segment);

    /// In Hz; 0: the screen's frame.
    double maximumRate() const { return m_maximumRate; }
    bool setMaximumRate(double maximumRate);

    /// While paused, news is not even listened for; changed() still is.
    bool isPaused() const { return m_isPaused; }
    bool setPaused(bool paused);

    bool isOpen() const { return m_segment && m_segment->isOpen(); }

    /// Has news() come with the next frame.
    void poke();

Q_SIGNALS:
    /// Opened, closed, gone: whatever was known about the segment is to be looked at again.
    void changed();
    void news();
    void segmentDestroyed();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    void connectNews();
    void hearNews();
    int interval() const;

    QPointer<SharedSegment> m_segment;
    QMetaObject::Connection m_newsConnection;
    QBasicTimer m_timer;
    double m_maximumRate = 0;
    bool m_isPaused = false;
    bool m_isPending = false;
};
