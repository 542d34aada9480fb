// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Rows come and go: with the count of each revision, with another instance, and with the window.

#include "sharedarraymodel_p.h"

#include <algorithm>
#include <limits>

SharedRevision SharedArrayModelPrivate::newest() const
{
    if (!m_follower.isOpen())
        return {};
    SharedRevision revision;
    std::byte none{};
    if (segment()->tryRead({&none, 0}, 0, &revision))
        return revision;
    // Its writer is at work, or died at it.
    const QDateTime updatedAt = segment()->updatedAt();
    return {segment()->revision(), updatedAt.isValid() ? updatedAt.toMSecsSinceEpoch() * 1'000'000 : 0,
            m_hasVariableCount ? std::min(m_count, m_capacity) : m_capacity};
}

int SharedArrayModelPrivate::rowsOf(qint64 count, qint64 firstRow, qint64 rowLimit)
{
    qint64 rows = std::max<qint64>(count - firstRow, 0);
    if (rowLimit >= 0)
        rows = std::min(rows, rowLimit);
    return static_cast<int>(std::min<qint64>(rows, std::numeric_limits<int>::max()));
}

void SharedArrayModelPrivate::shrink(qint64 count)
{
    if (count >= m_count)
        return;
    m_count = count;
    m_levels.keepFirst(count);
    removeRowsFrom(rowsOf(count));
    clipRows();
    // A slot may have read rows.
    m_directRows = {};
}

void SharedArrayModelPrivate::grow(qint64 count)
{
    if (count <= m_count)
        return;
    m_count = count;
    insertRowsUpTo(rowsOf(count));
}

void SharedArrayModelPrivate::removeRowsFrom(int rows)
{
    if (rows >= m_rows)
        return;
    beginRowChange();
    q->beginRemoveRows(QModelIndex(), rows, m_rows - 1);
    m_rows = rows;
    m_directRows = {};
    q->endRemoveRows();
    endRowChange();
}

void SharedArrayModelPrivate::insertRowsUpTo(int rows)
{
    if (rows <= m_rows)
        return;
    beginRowChange(m_firstRow + m_rows);
    q->beginInsertRows(QModelIndex(), m_rows, rows - 1);
    m_rows = rows;
    q->endInsertRows();
    endRowChange();
}

void SharedArrayModelPrivate::beginRowChange(qint64 firstNew)
{
    m_rowChange = RowChange{firstNew, m_isStale ? ElementRange()
                                                : ElementRange{m_cache.first(), std::min(m_cache.end(), firstNew)}};
}

void SharedArrayModelPrivate::endRowChange()
{
    if (m_rowChange && m_rowChange->hasRead)
        m_unannouncedRows = ElementRange();
    m_rowChange.reset();
}

void SharedArrayModelPrivate::announceCount()
{
    if (std::exchange(m_announcedRows, m_rows) != m_rows)
        Q_EMIT q->countChanged();
}

void SharedArrayModelPrivate::clipRows()
{
    m_requestedRows.clip(window());
    m_prefetchedRows = m_prefetchedRows.within(window());
}
