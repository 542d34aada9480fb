// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "limitwatch_p.h"
#include "segmentfollower_p.h"
#include "sharedlimits.h"
#include "sharedstreamreader_p.h"

#include <QtCore/QString>
#include <QtCore/QStringList>

#include <cstddef>
#include <vector>

/// Converts a level to the one of programs. It does not change its number.
SharedLimits::Level publicLevel(LimitLevel level);

class SharedLimitsPrivate
{
public:
    explicit SharedLimitsPrivate(SharedLimits *limits);

    static SharedLimitsPrivate &of(SharedLimits &limits) { return *limits.d; }

    SharedSegment *segment() const { return m_follower.segment(); }
    void setSegment(SharedSegment *segment);
    /// Forgets all alarms, and begins anew.
    void restart();
    /// Sets one of the own limits.
    void setOwn(double SharedLimitsPrivate::*member, double value);
    bool acknowledge(qsizetype field, ElementIdentity identity);
    bool acknowledgeAll();
    /// Why nothing is known of the values; empty if something is.
    QString reason() const;

    SharedLimits *const q;
    SegmentFollower m_follower;
    LimitWatch m_watch;
    QString m_field;
    QString m_key;
    qint64 m_index = -1;
    double m_low = ValueLimits::None;
    double m_high = ValueLimits::None;
    double m_lowLow = ValueLimits::None;
    double m_highHigh = ValueLimits::None;
    double m_hysteresis = ValueLimits::None;
    double m_delay = ValueLimits::None;
    LimitLevel m_level = LimitLevel::Unknown;
    bool m_isAcknowledged = true;
    int m_count = 0;
    bool m_isInitializing = false;

private:
    bool isStream() const { return segment()->kind() == SharedSegment::Kind::Stream; }
    /// Whether the values are those of now.
    bool isCurrent() const;
    void forget();
    /// Adopts the state of the segment: open or not, its fields and limits.
    void sync();
    void adoptSegment();
    /// Finds the field of the key in the layout, or warns that it is not there.
    void adoptKey();
    bool hasOwn() const;
    /// Returns the fields to watch of the open segment, with their limits.
    std::vector<FieldLimits> fields();
    /// Returns the limits of the metadata, or the own ones.
    ValueLimits limitsOf(const FieldMetadata &metadata) const;
    void warnOnce(const QString &text);
    enum class Outcome {
        Judged,  ///< all that there is
        Unread,  ///< a writer was faster; the next interval tries again, and until then the states stay as they are
        Nothing, ///< there is nothing to judge
    };
    /// Judges what the segment has now.
    void judge();
    Outcome judgeArray();
    /// Judges all elements of one revision at once.
    Outcome judgeWhole();
    Outcome judgeStream();
    /// A delay ends: judges what is newer, or lets the last values count.
    void endDelay();
    /// Makes space for that number of elements. @returns false if there is no memory.
    bool makeSpace(qint64 elements, qsizetype size);
    void announce();

    SharedStreamReaderPrivate m_reader;
    QMetaObject::Connection m_staleConnection;
    QString m_instance; ///< whose metadata were adopted
    QStringList m_warned;
    quint64 m_opening = 0;  ///< of the stream that is read
    quint64 m_revision = 0; ///< the last one that was judged
    TimeMetadata m_time;
    std::vector<std::byte> m_bytes;
    bool m_isUnknownField = false;
    bool m_hasRows = false; ///< something was not normal
};
