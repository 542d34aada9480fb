// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "failurescope_p.h"
#include "sharedsegment.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtCore/QString>

/// Follows one segment for a model or an item that shows it, and limits the rate of updates to the rate of the screen.
///
/// The first update after a pause is forwarded at once. A timer runs only while updates arrive.
class SHAREDSEGMENT_EXPORT SegmentFollower : public QObject
{
    Q_OBJECT

public:
    /// What the model or item shows.
    enum class Shows { Arrays, Streams, Everything };

    /// @param type the name of the model's or item's type, for errors
    /// @param user the model or item, whose failures these are; may still be under construction
    SegmentFollower(Shows shows, const QString &type, const QObject *user = nullptr);

    SharedSegment *segment() const { return m_segment; }
    /// Follows another segment and emits changed(). @returns false if it is the same segment.
    bool setSegment(SharedSegment *segment);

    /// Maximum rate of updated() in Hz; 0 means the refresh rate of the screen.
    double maximumRate() const { return m_maximumRate; }
    bool setMaximumRate(double maximumRate);

    /// While paused, the follower disconnects from updates; it still emits changed().
    bool isPaused() const { return m_isPaused; }
    bool setPaused(bool paused);

    /// Whether the segment is open and of a kind that is shown. Another kind sets the segment's error once per instance.
    bool isOpen() const { return m_segment && m_segment->isOpen() && isShown(); }
    /// Returns the error of an open segment of another kind; empty if the kind is shown or nothing is open.
    QString otherKind() const;

    /// Makes failures of the segment those of the model or item while the result lives. `cause`: see FailureScope.
    FailureScope failuresOf(const QString &cause) const { return FailureScope(m_segment, m_user, &m_warned, cause); }

    /// Schedules updated() for the next frame of the screen, unless paused.
    void schedule();
    /// Does so if the open segment has another revision than `known`. @returns whether it does and is not paused.
    bool scheduleNewer(quint64 known);

Q_SIGNALS:
    /// The segment was opened, closed or destroyed; its state must be read again.
    void changed();
    /// A new revision was published, at most once per refresh of the screen or per interval of `maximumRate`.
    void updated();
    /// The segment was destroyed; segment() is null.
    void segmentDestroyed();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    bool isShown() const
    {
        return m_shows == Shows::Everything
            || (m_segment->kind() == SharedSegment::Kind::Stream) == (m_shows == Shows::Streams);
    }
    void announceChange();
    void connectToUpdates();
    void handleUpdate();
    int interval() const;

    const Shows m_shows;
    const QString m_type;
    const QObject *const m_user;
    mutable QSet<QString> m_warned; ///< causes of failures; another segment has others
    QPointer<SharedSegment> m_segment;
    QString m_reportedInstance; ///< of another kind
    QMetaObject::Connection m_updateConnection;
    QBasicTimer m_timer;
    double m_maximumRate = 0;
    bool m_isPaused = false;
    bool m_isPending = false;
};
