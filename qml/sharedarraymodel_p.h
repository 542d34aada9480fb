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
        QByteArray element; ///< only the bytes of the field are valid
    };

    /// Requested rows that are in the cache. data() reads them without further bookkeeping.
    struct DirectRows
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
    /// Adopts the state of the segment: open or closed, instance, layout, length.
    void sync();
    void reset();
    void nameRoles();
    /// Switches to the next instance of the same name and layout: inserts or removes rows at the end and announces
    /// changed cells.
    void switchInstance(qint64 length);
    void handleUpdate();
    /// Shows the newest revision. The cells of `edits` count as changed.
    void refresh(const QList<Edit> &edits = {});
    void setRevisionInfo(const SharedRevision &revision);
    SharedRevision newestRevisionInfo() const;
    /// Emits dataChanged() for all rows.
    void announceValues();
    /// Emits dataChanged() for the blocks in m_changes.
    void announceChanges();
    /// Returns the roles that depend on the fields of some columns. An empty list means all roles.
    QList<int> rolesOf(int left, int right);
    /// Stops following rows that no view requested recently, if the requested rows are many.
    void trimRequestedRows();
    void setWindow(qint64 firstRow, qint64 rowLimit);
    int rowsFor(qint64 firstRow, qint64 rowLimit) const;
    ElementRange window() const { return {m_firstRow, m_firstRow + m_rows}; }
    ElementRange withMargin(ElementRange range) const;
    bool isSmall() const;

    // Inline, since data() calls it for each value.
    const std::byte *element(int row)
    {
        const auto at = static_cast<quint64>(row - m_directRows.firstRow);
        if (at < m_directRows.count) [[likely]]
            return m_directRows.bytes + static_cast<qsizetype>(at) * m_elementSize;
        return requestRow(row);
    }
    /// Marks a row as requested and returns its bytes, after a read if need be; null if it cannot be read.
    const std::byte *requestRow(int row);
    const std::byte *load(qint64 index);
    /// Reads a range of rows and adds the changed cells of requested rows to m_changes.
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
    /// Warns, once per name, that a field has no numbers.
    void warnOfField(const QString &name);
    /// Sets the error for rows that are shown, once until a read succeeds.
    void failForMemory() const;
    /// Sets the error for a call that needs `rows` rows.
    void failForMemory(qint64 rows) const;
    /// Whether the range is small enough for one read.
    bool fitsOneRead(ElementRange range) const;
    bool commit(const QList<Edit> &edits);
    /// Returns the elements of a range of rows, or nothing if the rows do not exist.
    std::optional<ElementRange> elements(qint64 first, qint64 count) const;
    Reduction statistics(qint64 first, qint64 count, const QString &fieldName);

    /// Whether the parent is the view of this model and is invisible.
    bool isViewHidden() const;
    void followView();
    void resumeUpdates();

    SharedArrayModel *const q;
    SegmentFollower m_follower;

    SharedLayout m_layout;
    QString m_instance;
    qint64 m_length = 0;
    qsizetype m_elementSize = 0;
    QList<FieldDecoder> m_fields;
    QStringList m_names;
    QHash<int, QByteArray> m_roleNames;
    QHash<std::pair<int, int>, QList<int>> m_rolesOf; ///< cached, so that a steady state allocates nothing

    qint64 m_firstRow = 0;
    qint64 m_rowLimit = -1;
    int m_rows = 0;

    RowCache m_cache;
    DirectRows m_directRows;        ///< cleared whenever the cache or the window changes
    CellChanges m_changes;          ///< not announced yet
    ElementRange m_requestedRows;   ///< rows that a view may show; their changes are announced
    ElementRange m_recentRows;      ///< requested since the last refresh
    ElementRange m_rowsSinceTrim;   ///< requested since the last trim
    int m_trimInterval = 1;         ///< in refreshes
    int m_refreshesSinceTrim = 0;   ///< counted only while many rows are requested
    quint64 m_rowOrderVersion = 0;  ///< counts changes of which element a row shows
    ElementRange m_prefetchedRows;  ///< range of the last or next read, with its margin
    SharedRevision m_revisionInfo;  ///< the revision shown
    bool m_isStale = true;          ///< the cache is older than the announced revision
    bool m_hasOutdatedRows = false; ///< views hold values of an older revision than the cache, or the last read failed
    bool m_isRevisionSignalPending = false;
    bool m_isUpdateDeferred = false; ///< an update arrived while the view was invisible
    mutable bool m_isMemoryErrorReported = false;

    int m_editDepth = 0;
    QList<Edit> m_edits;

    std::unique_ptr<std::byte[]> m_scratch;
    qsizetype m_scratchSize = 0;
    Statistics m_statistics;
    QStringList m_warnedFields; ///< names already reported by warnOfField()
    QMetaObject::Connection m_windowConnection;
};
