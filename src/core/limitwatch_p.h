// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fieldlimits_p.h"
#include "sharedrevision.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QElapsedTimer>
#include <QtCore/QObject>

#include <vector>

/// Judges fields of the elements that its user reads from a segment. A timer runs only while a delay does.
///
/// It begins with nothing known.
class SHAREDSEGMENT_EXPORT LimitWatch : public QObject
{
    Q_OBJECT

public:
    using Level = LimitLevel;
    using QObject::QObject;

    bool isEmpty() const { return m_fields.empty(); }
    const std::vector<FieldLimits> &fields() const { return m_fields; }
    /// Watches other fields, or the same under other limits. States of fields of the same name stay.
    void setFields(std::vector<FieldLimits> fields);
    /// Watches nothing, and forgets all states.
    void clear();
    /// Recognizes elements by a key, or by their indexes if it is invalid. Alarms of elements that cannot be recognized any more
    /// end with the next revision.
    /// @param field the field of the key
    void setKey(const ElementKey &key, const FieldDecoder &field);
    bool isKeyed() const { return m_key.isValid(); }

    /// @{
    /// Judges one revision: begin(), judge() for each part of `range`, and finish().
    /// @param timestamp ns since 1970; 0 if there is none
    void begin(ElementRange range, qint64 timestamp);
    void judge(FieldLimits::Elements elements);
    void finish();
    /// @}
    /// Judges one revision, in place of begin() and judge(). With a key, it gets all elements of the revision at once.
    void judgeWhole(const FieldLimits::Elements &elements);
    /// Nothing is known of the values any more: ends delays, and keeps the alarms.
    void suspend();
    /// Judges elements of one revision for a user that needs only levels: nothing waits to be acknowledged.
    /// @param elements without their time
    /// @param isCurrent whether the values are those of now
    void judgeLevels(FieldLimits::Elements elements, const SharedRevision &revision, bool isCurrent);
    /// Elements outside of `range` do not exist any more.
    void keep(ElementRange range);
    /// Elements have other indexes: for each one the index that it had, or less than 0.
    void reindex(const std::vector<int> &before);

    /// Whether the values are known, since the time in ns since 1970.
    bool isKnown() const { return m_isKnown; }
    qint64 unknownSince() const { return m_unknownSince; }
    Level level() const;
    bool isWatched(qsizetype field) const { return find(field) != nullptr; }
    /// Returns the level of one value of a field that is watched.
    Level levelOf(qsizetype field, qint64 index) const;
    bool isAcknowledged() const;
    /// The number of values that are not normal or wait to be acknowledged.
    qint64 count() const;
    /// Acknowledges one value, or all. @returns whether there was something to acknowledge.
    bool acknowledge(qsizetype field, ElementIdentity identity);
    bool acknowledgeAll();

Q_SIGNALS:
    /// A delay ends although no revision was judged. Its user judges a newer revision, or calls finish().
    void delayEnded();

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    const FieldLimits *find(qsizetype field) const;
    /// Gives entries the indexes of the revision that follows.
    void findEntries(const ElementFinder::Elements &elements);
    /// Gives new entries their identities.
    void identifyEntries(const FieldLimits::Elements &elements);
    /// Returns the time in ns since 1970: at the last revision, its timestamp or the system's clock, whichever is later; from
    /// then on by the monotonic clock.
    qint64 now() const;

    std::vector<FieldLimits> m_fields;
    ElementKey m_key;
    FieldDecoder m_keyField;
    ElementFinder m_finder;
    std::vector<ElementFinder::Place> m_places; ///< of all fields
    QBasicTimer m_timer;
    QElapsedTimer m_elapsed;
    qint64 m_time = 0; ///< when m_elapsed was started
    qint64 m_unknownSince = 0;
    bool m_isKnown = false;
};
