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
    setRowChange(true);
    q->beginRemoveRows(QModelIndex(), rows, m_rows - 1);
    m_rows = rows;
    m_directRows = {};
    q->endRemoveRows();
    setRowChange(false);
}

void SharedArrayModelPrivate::insertRowsUpTo(int rows)
{
    if (rows <= m_rows)
        return;
    setRowChange(true);
    q->beginInsertRows(QModelIndex(), m_rows, rows - 1);
    m_rows = rows;
    q->endInsertRows();
    setRowChange(false);
}

void SharedArrayModelPrivate::setRowChange(bool isRowChange)
{
    m_isRowChange = isRowChange;
    m_missingRow = -1;
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
