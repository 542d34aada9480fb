// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "cellchanges_p.h"
#include "elementrange_p.h"
#include "fielddecoder.h"
#include "fieldmetadata.h"
#include "fieldroles_p.h"
#include "fieldstatistics_p.h"
#include "fieldwriting_p.h"
#include "requestedrows_p.h"
#include "rowcache_p.h"
#include "rowlevels_p.h"
#include "rowmatching_p.h"
#include "segmentfollower_p.h"
#include "sharedarraymodel.h"

#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QStringList>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

class SharedArrayModelPrivate
{
public:
    struct Edit
    {
        qint64 index;
        int column;
        FieldDecoder field;
        QByteArray element; ///< only the bytes of the field are valid
        std::optional<KeyedElement> keyed = std::nullopt;
    };

    /// Requested rows that are in the cache. data() reads them without further bookkeeping.
    struct DirectRows
    {
        const std::byte *bytes = nullptr;
        qint64 firstRow = 0;
        quint64 count = 0;
    };

    /// The rows of a model with a key: those of one revision, all of them in the cache.
    struct KeyedRows
    {
        QString name;     ///< of the field, as set; the field may not be there
        QString usedName; ///< of the last reset
        ElementKey key;
        RowMatching::Keys keys; ///< of the rows, or of what they are about to become
        RowMatching::Keys keysBefore;
        RowMatching matching;
        std::vector<RowMatching::Move> moves;
        std::vector<const std::byte *> elements; ///< while rows and values change: the element that each row shows
        bool isChanging = false;
        bool isDeferred = false; ///< another change follows as soon as this one is over
        QString warning;         ///< the last one
    };

    explicit SharedArrayModelPrivate(SharedArrayModel *q);

    SharedSegment *segment() const { return m_follower.segment(); }

    // What is shown: sharedarraymodel_p.cpp
    /// Adopts the state of the segment: open or closed, instance, layout, capacity.
    void sync();
    void reset();
    void nameRoles();
    /// Returns what the metadata of the open segment say of the fields of m_layout.
    QList<FieldMetadata> openMetadata() const;
    /// Announces other metadata of the same fields, if they are other ones.
    void showMetadata();
    /// Switches to the next instance of the same name and layout: inserts or removes rows at the end and announces
    /// changed cells.
    void switchInstance(qint64 capacity);
    void setWindow(qint64 firstRow, qint64 rowLimit);
    bool fail(SharedSegment::Error error, const QString &text) const;
    /// Sets the error for rows that are shown, once until a read succeeds.
    void failForMemory() const;
    /// Sets the error for a call that needs `rows` rows.
    void failForMemory(qint64 rows) const;

    // Rows come and go: sharedarraymodel_rows.cpp
    /// Returns the number of elements of the newest revision. A value that cannot be read leaves it as it was.
    qint64 newestCount() const { return m_hasVariableCount ? newest().count : m_capacity; }
    /// Returns the newest revision, also if its value cannot be read.
    SharedRevision newest() const;
    int rowsOf(qint64 count) const { return rowsOf(count, m_firstRow, m_rowLimit); }
    static int rowsOf(qint64 count, qint64 firstRow, qint64 rowLimit);
    /// Removes the rows that a revision of `count` elements does not have. The other rows keep their values meanwhile.
    void shrink(qint64 count);
    /// Inserts the rows that a revision of `count` elements has in addition.
    void grow(qint64 count);
    void removeRowsFrom(int rows);
    void insertRowsUpTo(int rows);
    /// Rows come, from the element with that index on, or go.
    void beginRowChange(qint64 firstNew = std::numeric_limits<qint64>::max());
    void endRowChange();
    /// Emits countChanged() if the number of rows is another one than at the last call.
    void announceCount();
    ElementRange window() const { return {m_firstRow, m_firstRow + m_rows}; }
    /// The window on a revision of `count` elements, together with the rows that are there now.
    ElementRange windowOn(qint64 count) const { return {m_firstRow, m_firstRow + std::max(m_rows, rowsOf(count))}; }
    void clipRows();

    // Rows that are recognized by a key: sharedarraymodel_keys.cpp
    bool isKeyed() const { return m_keyed.key.isValid(); }
    void setKey(const QString &name);
    /// Finds the field of the key in the layout.
    void findKey();
    /// Warns, once, that the field of the key is not there, or cannot be a key.
    void warnOfKey();
    /// Shows the newest revision: removes, moves and inserts rows, and announces changed cells.
    void refreshKeyed(const QList<Edit> &edits);
    /// While rows change, no other change can begin. @returns whether it follows later.
    bool deferChange();
    void endChange();
    bool readAllRows();
    void compareKeptRows(const std::byte *before, const std::byte *now);
    void removeGoneRows();
    void moveKeptRows();
    void reorderKeptRows();
    void insertNewRows(const std::byte *now);
    KeyedElement keyedElement(int row);

    // From update to signals: sharedarraymodel_refresh.cpp
    void handleUpdate();
    void resumeUpdates();
    /// Shows the newest revision. The cells of `edits` count as changed.
    void refresh(const QList<Edit> &edits = {});
    /// Shows the newest revision while no row is followed: the next request reads.
    void refreshUnread();
    /// Copies all rows, since the model is paused.
    void hold();
    /// Announces the revision in the cache: its rows, its number, and the cells in m_changes.
    void announceCache();
    void setRevisionInfo(const SharedRevision &revision);
    bool isOther(const SharedRevision &revision) const
    {
        return revision.number != m_revisionInfo.number || revision.timestamp != m_revisionInfo.timestamp;
    }
    /// Emits dataChanged() for all rows.
    void announceValues();
    /// Emits dataChanged() for the blocks in m_changes.
    void announceChanges();
    /// Returns the roles that depend on the fields of some columns. An empty list means all roles.
    QList<int> rolesOf(int left, int right);

    // Which rows are read: sharedarraymodel_reading.cpp
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
    /// Marks a row that gets no value while rows come or go.
    void withhold(qint64 index);
    const std::byte *load(qint64 index);
    /// Reads a range of rows and adds the changed cells of requested rows to m_changes.
    bool read(ElementRange range);
    void compare(bool isSameRevision);
    /// The rows of the last read that were there before, too.
    ElementRange comparedRows() const
    {
        return {std::max(m_cache.firstBefore(), m_cache.first()), std::min(m_cache.endBefore(), m_cache.end())};
    }
    /// Stops following rows that no view requested recently, if the requested rows are many.
    void trimRequestedRows();
    /// Returns the range to read for the rows of `range`, in a window of all rows.
    ElementRange withMargin(ElementRange range, ElementRange all) const;
    /// Whether copying all of a window is cheaper than following its visible rows.
    bool isSmall(ElementRange window) const;
    /// Whether the range is small enough for one read.
    bool fitsOneRead(ElementRange range) const;

    // The levels of rows: sharedarraymodel_levels.cpp
    /// Returns the level of a row that element() has just returned.
    LimitLevel level(qsizetype field, int row);
    void requestLevel(qsizetype field);
    /// Judges those fields that have limits and were requested. `before`: see RowLevels::setFields().
    void watchLevels(std::optional<LimitLevel> before);
    /// Judges the rows in the cache.
    void judgeLevels();
    /// Judges them and announces what is new, although no revision came.
    void updateLevels();
    /// Announces new levels later, since views are in the middle of reading.
    void queueLevels();
    void announceLevels();

    // Fields
    static constexpr FieldRoles Roles{SharedArrayModel::FirstFieldRole, FieldRoles::Sort::Level};
    FieldRoles::Role role(int role, int column) const { return Roles.find(role, column, m_fields.size()); }
    QString columnName(qsizetype column) const;

    // Edits: sharedarraymodel_edits.cpp
    bool isWritable() const;
    bool commit(const QList<Edit> &edits);

    // Copies and statistics: sharedarraymodel_statistics.cpp
    /// Reads elements of the newest revision, by the numbers of rows. `space` returns memory for a range, or null after
    /// it has set the error. @returns the range that was read, or nothing if the rows do not exist or cannot be read.
    template<typename Space>
    std::optional<ElementRange> readNewest(qint64 first, qint64 count, Space space, SharedRevision *revision) const;
    /// Returns the elements of a range of rows of a revision of `there` elements, or nothing if the rows do not exist.
    std::optional<ElementRange> elements(qint64 first, qint64 count, qint64 there) const;
    Reduction statistics(qint64 first, qint64 count, const QString &fieldName);
    /// Warns, once per name, that a field has no numbers.
    void warnOfField(const QString &name);

    SharedArrayModel *const q;
    SegmentFollower m_follower;

    SharedLayout m_layout;
    QString m_instance;
    qint64 m_capacity = 0;
    bool m_hasVariableCount = false;
    qint64 m_count = 0; ///< the number of elements by which rows are there
    qsizetype m_elementSize = 0;
    QList<FieldDecoder> m_fields;
    QList<FieldMetadata> m_metadata;      ///< of each field
    QList<FieldMetadata> m_shownMetadata; ///< of texts and headers: the older ones until rows have come and gone
    QHash<int, QByteArray> m_roleNames;
    QHash<std::pair<int, int>, QList<int>> m_rolesOf; ///< cached, so that a steady state allocates nothing

    qint64 m_firstRow = 0;
    qint64 m_rowLimit = -1;
    int m_rows = 0;
    int m_announcedRows = 0; ///< of the last countChanged()
    /// Rows come or go: from the signal before to the one after, the rows that stay show the same.
    struct RowChange
    {
        qint64 firstNew;     ///< the elements from here on are inserted
        ElementRange cached; ///< of the others, those that have values
        bool hasRead = false;
    };
    std::optional<RowChange> m_rowChange;
    ElementRange m_withheldRows; ///< were requested meanwhile and got no value: they are announced with the next read

    RowCache m_cache;
    DirectRows m_directRows;        ///< cleared whenever the cache or the window changes
    CellChanges m_changes;          ///< not announced yet
    ElementRange m_unannouncedRows; ///< still show their values before, while changes are announced
    KeyedRows m_keyed;
    RequestedRows m_requestedRows;  ///< rows that a view may show; their changes are announced
    quint64 m_rowOrderVersion = 0;  ///< counts changes of which element a row shows
    quint64 m_refreshVersion = 0;   ///< counts refreshes, so that one notices another one in a slot
    ElementRange m_prefetchedRows;  ///< range of the last or next read, with its margin
    SharedRevision m_revisionInfo;  ///< the revision shown
    bool m_isStale = true;          ///< the cache is older than the announced revision
    bool m_hasOutdatedRows = false; ///< views hold values of an older revision than the cache, or the last read failed
    bool m_isRevisionSignalPending = false;
    bool m_isViewHidden = false;
    bool m_isUpdateDeferred = false; ///< an update arrived while the view was invisible
    mutable bool m_isMemoryErrorReported = false;

    int m_editDepth = 0;
    QList<Edit> m_edits;

    RowLevels m_levels;
    QMetaObject::Connection m_staleConnection;
    bool m_isShownOpen = false; ///< whether views know that the segment is Open

    FieldStatistics m_statistics;
    QStringList m_warnedFields; ///< names already reported by warnOfField(), and warnings of limits
};
