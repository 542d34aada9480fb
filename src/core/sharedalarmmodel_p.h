// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedalarmmodel.h"
#include "sharedlimits_p.h"

#include <QtCore/QPointer>
#include <QtCore/QSet>

#include <tuple>
#include <utility>
#include <vector>

class SharedAlarmModelPrivate
{
public:
    using Level = LimitLevel;

    /// What a row stands for, as long as it is there.
    struct Identity
    {
        quint64 source = 0;
        qsizetype field = -1; ///< -1: the whole segment
        ElementIdentity element = {};

        bool operator==(const Identity &other) const = default;
        friend size_t qHash(const Identity &identity, size_t seed = 0)
        {
            return qHashMulti(seed, identity.source, identity.field, identity.element);
        }
    };

    struct Row
    {
        Identity identity;
        qint64 element = -1; ///< its index
        Level level = Level::Unknown;
        Level worstLevel = Level::Unknown;
        qint64 since = 0; ///< ns since 1970
        bool isAcknowledged = true;
        QString segmentName;
        QString field;
        QString label;
        QVariant value;
        QVariant key;   ///< the value of the field of the key
        QString reason; ///< why there is no value

        bool operator==(const Row &other) const = default;
    };

    struct Source
    {
        quint64 number = 0;
        QObject *given = nullptr; ///< a segment or limits; compared and never used once it is destroyed
        QPointer<SharedLimits> limits;
        bool isOwn = false;    ///< the model made the limits
        std::vector<Row> rows; ///< at most the limit
        qint64 count = 0;      ///< how many there are
    };

    explicit SharedAlarmModelPrivate(SharedAlarmModel *model)
        : q(model)
    {
    }

    void setSources(const QObjectList &objects);
    void removeSource(const QObject *given);
    /// Reads the rows of a source again.
    void collect(Source &source) const;
    /// Reads the rows of a source again and shows them. 0: of all sources.
    void refresh(quint64 number = 0);
    SharedLimits *limitsOf(const Row &row) const;
    QString textOf(const Row &row) const;
    QVariant display(const Row &row, int column) const;

    SharedAlarmModel *const q;
    std::vector<Source> m_sources;
    std::vector<Row> m_rows;
    int m_limit = 1000;
    int m_omitted = 0;
    int m_unacknowledged = 0;
    Level m_level = Level::Unknown;

private:
    std::optional<Source> makeSource(QObject *object);
    /// Whether the first one stands before the other.
    static bool isBefore(const Row &a, const Row &b);
    /// The same for elements of one field.
    static bool isBefore(ElementIdentity a, const QVariant &keyOfA, ElementIdentity b, const QVariant &keyOfB);
    static Row rowOf(const Source &source, const FieldLimits &field, const FieldLimits::Entry &entry, bool isStream);
    /// Shows all sources' rows.
    void show();
    void apply(std::vector<Row> rows);
    void removeOthers(const QSet<Identity> &wanted);
    /// Brings the rows in the order of `rows` and inserts those that are missing. @returns false after too many changes.
    bool arrange(const std::vector<Row> &rows);
    void updateRows(const std::vector<Row> &rows);
    void announce();

    quint64 m_lastNumber = 0;
    int m_announcedCount = 0;
    int m_announcedOmitted = 0;
    int m_announcedUnacknowledged = 0;
    Level m_announcedLevel = Level::Unknown;
    bool m_isApplying = false; ///< a slot may acknowledge alarms
    bool m_isPending = false;
};
