// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QDateTime>
#include <QtCore/QObject>

/// One revision of a segment: number, timestamps and element count. A value; in QML it has the same properties.
struct SHAREDSEGMENT_EXPORT SharedRevision
{
    Q_GADGET
    /// The number of the revision; exact up to 2^53 in JavaScript.
    Q_PROPERTY(quint64 number MEMBER number CONSTANT)
    /// The time of publication in ns since 1970-01-01 UTC; toDateTime() is exact in JavaScript, too.
    Q_PROPERTY(qint64 timestamp MEMBER timestamp CONSTANT)
    /// The number of elements.
    Q_PROPERTY(qint64 count MEMBER count CONSTANT)
    /// In a mirror of another host's segment, the time of publication by the clock of that host, in ns since 1970-01-01 UTC; else
    /// 0. `timestamp` is by the own clock there: the time of arrival, less the age of the revision when it was sent.
    Q_PROPERTY(qint64 sourceTimestamp MEMBER sourceTimestamp CONSTANT)

public:
    quint64 number = 0;   ///< the revision's number; 0: the initial state, before the first publication
    qint64 timestamp = 0; ///< time of publication in ns since 1970-01-01 UTC; 0 for revision 0
    qint64 count = 0;     ///< number of elements
    /// In a mirror, the time of publication by the clock of the host it comes from, in ns since 1970-01-01 UTC; else 0.
    qint64 sourceTimestamp = 0;

    /// Returns the time of publication in local time; invalid for revision 0. Thread-safe.
    Q_INVOKABLE QDateTime toDateTime() const;
    /// Returns the time of publication by the clock of the host that a mirror mirrors, in local time; invalid if there is none.
    /// Thread-safe.
    Q_INVOKABLE QDateTime toSourceDateTime() const;

    /// Returns whether all four values are equal.
    friend bool operator==(const SharedRevision &a, const SharedRevision &b) noexcept
    {
        return a.number == b.number && a.timestamp == b.timestamp && a.count == b.count
            && a.sourceTimestamp == b.sourceTimestamp;
    }
};
