// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/fielddecoder.h"
#include "cellchanges.h"
#include "reduction.h"
#include "rowcache.h"
#include "segmentfollower.h"
#include "sharedarraymodel.h"

#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QStringList>

#include <memory>
#include <optional>
#include <utility>

/// A range of elements.
struct ElementRange
{
    qint64 first = 0;
    qint64 end = 0;

    bool isEmpty() const { return first >= end; }
    qint64 count() const { return end - first; }
    bool contains(qint64 index) const { return index >= first && index < end; }
    void include(ElementRange other);
    ElementRange within(ElementRange other) const;
};

class SharedArrayModelPrivate
{
public:
    static constexpr int ValueRole = Qt::UserRole;
    static constexpr int FirstFieldRole = Qt::UserRole + 1;

    struct Edit
    {
        qint64 index;
        int column;
        FieldDecoder field;
        QByteArray element; ///< of which only the field counts
    };

    /// The rows that were asked for and are in the cache: for these data() has nothing else to do.
    struct ReadyRows
    {
        const std::byte *bytes = nullptr;
        qint64 firstRow = 0;
        quint64 count = 0;
    };

    struct Statistics
    {
        quint64 revision = 0;
        qint64 first = -1;
        qint64 count = 0;
        qsizetype field = 0;
        Reduction reduction;
    };

    explicit SharedArrayModelPrivate(SharedArrayModel *q);

    SharedSegment *segment() const { return m_follower.segment(); }
    /// Looks at the segment again.
    void sync();
    void reset();
    void nameRoles();
    /// The name's next instance, of the same layout: rows come and go at the end, and those that have other values are
    /// announced.
    void moveOn(qint64 length);
    void hearNews();
    /// Moves on to the newest revision; `edits` led to it.
    void refresh(const QList<Edit> &edits = {});
    void setStamp(const SharedStamp &stamp);
    SharedStamp newestStamp() const;
    /// Of all rows.
    void announceValues();
    /// Of those that are known to have others.
    void announceChanges();
    /// What others see of the fields of some columns; none stands for all.
    QList<int> rolesOf(int left, int right);
    /// Stops to follow the rows that were asked for long ago, where these are many.
    void forgetRows();
    void setWindow(qint64 firstRow, qint64 rowLimit);
    int rowsFor(qint64 firstRow, qint64 rowLimit) const;
    ElementRange window() const { return {m_firstRow, m_firstRow + m_rows}; }
    ElementRange around(ElementRange range) const;
    bool isSmall() const;

    // What data() calls for each value is inline, so that it costs little more than the value.
    const std::byte *element(int row)
    {
        const auto at = static_cast<quint64>(row - m_ready.firstRow);
        if (at < m_ready.count) [[likely]]
            return m_ready.bytes + static_cast<qsizetype>(at) * m_elementSize;
        return ask(row);
    }
    /// The bytes of a row, read if need be; null where there are none. From then on it counts as asked for.
    const std::byte *ask(int row);
    const std::byte *load(qint64 index);
    /// Reads them, and finds out which of the rows that were asked for have changed.
    bool read(ElementRange range);
    void compare(bool isSameRevision);

    const FieldDecoder *field(int column, int role) const
    {
        qsizetype at = column;
        if (role >= FirstFieldRole)
            at = role - FirstFieldRole;
        else if (role != Qt::DisplayRole && role != Qt::EditRole && role != ValueRole)
            return nullptr;
        return at >= 0 && at < m_fields.size() ? &m_fields.at(at) : nullptr;
    }
    bool isWritable() const;
    QString columnName(qsizetype column) const;
    bool fail(SharedSegment::Error error, const QString &text) const;
    /// A field that has no numbers was asked for; once for each name.
    void warnOfField(const QString &name);
    /// Of the rows that are shown; once.
    void failForMemory() const;
    /// Of what a call asked for.
    void failForMemory(qint64 rows) const;
    /// Whether so many rows are no more than what is read at once to show some.
    bool isModest(ElementRange range) const;
    bool commit(const QList<Edit> &edits);
    /// The elements that rows stand for, or nothing if there are no such rows.
    std::optional<ElementRange> elements(qint64 first, qint64 count) const;
    Reduction statistics(qint64 first, qint64 count, const QString &fieldName);

    /// Whether the only view of this model, as far as can be known, cannot be seen.
    bool rests() const;
    void followView();
    void wake();

    SharedArrayModel *const q;
    SegmentFollower m_follower;

    SharedLayout m_layout;
    QString m_instance;
    qint64 m_length = 0;
    qsizetype m_elementSize = 0;
    QList<FieldDecoder> m_fields;
    QStringList m_names;
    QHash<int, QByteArray> m_roleNames;
    QHash<std::pair<int, int>, QList<int>> m_rolesOf; ///< kept, so that a steady state allocates nothing

    qint64 m_firstRow = 0;
    qint64 m_rowLimit = -1;
    int m_rows = 0;

    RowCache m_cache;
    ReadyRows m_ready;         ///< to be cleared with all that it follows from
    CellChanges m_changes;     ///< not announced yet
    ElementRange m_asked;      ///< what somebody may show, so that changes of it are announced
    ElementRange m_recent;     ///< asked for since the last refresh
    ElementRange m_seen;       ///< asked for since rows were forgotten
    int m_forgetAfter = 1;     ///< refreshes
    int m_refreshes = 0;       ///< since rows were forgotten
    quint64 m_reorderings = 0; ///< of rows
    ElementRange m_expected;   ///< what the next look will probably want
    SharedStamp m_stamp;       ///< of what is shown
    bool m_isStale = true;     ///< the cache is older than what was announced
    bool m_isMixed = false;    ///< some of what was handed out is older than the cache
    bool m_isRevisionUntold = false;
    bool m_hasMissedNews = false;
    mutable bool m_isMemoryToldOf = false;

    int m_editDepth = 0;
    QList<Edit> m_edits;

    std::unique_ptr<std::byte[]> m_scratch;
    qsizetype m_scratchSize = 0;
    Statistics m_statistics;
    QStringList m_warnedOf; ///< names that are no fields with numbers
    QMetaObject::Connection m_windowConnection;
};
