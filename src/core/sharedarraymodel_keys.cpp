// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Rows that are recognized by a key: they are removed, moved and inserted where their elements are.

#include "sharedarraymodel_p.h"

#include "fieldnames_p.h"
#include "userinterface_p.h"

#include <QtCore/QMetaObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace {

// A move makes a proxy sort all rows again. The moves times the rows are at most this number; beyond, all rows change their
// places in one step.
constexpr std::size_t MostMovedRows = std::size_t(1) << 17;

} // namespace

void SharedArrayModelPrivate::setKey(const QString &name)
{
    m_keyed.name = name;
    if (!deferChange())
        reset();
}

void SharedArrayModelPrivate::findKey()
{
    m_keyed.key = ElementKey::find(m_fields, m_keyed.name);
    m_keyed.usedName = m_keyed.name;
    m_keyed.keys.clear();
    m_keyed.matching.reset();
}

void SharedArrayModelPrivate::warnOfKey()
{
    if (isKeyed() || m_fields.isEmpty())
        return;
    const QString warning = ElementKey::warning(m_fields, m_keyed.name, segment()->name());
    // The segment may be opened again and again.
    if (!warning.isEmpty() && std::exchange(m_keyed.warning, warning) != warning)
        UserInterface::warn(q, warning);
}

bool SharedArrayModelPrivate::deferChange()
{
    m_keyed.isDeferred = m_keyed.isChanging;
    return m_keyed.isChanging;
}

void SharedArrayModelPrivate::endChange()
{
    m_keyed.isChanging = false;
    if (!m_keyed.isDeferred)
        return;
    const auto change = [this] {
        if (!std::exchange(m_keyed.isDeferred, false))
            return;
        if (m_keyed.usedName != m_keyed.name)
            reset();
        sync();
        refresh();
    };
    QMetaObject::invokeMethod(q, change, Qt::QueuedConnection);
}

void SharedArrayModelPrivate::refreshKeyed(const QList<Edit> &edits)
{
    if (deferChange())
        return;
    const std::byte *const before = m_directRows.bytes;
    if (!readAllRows()) {
        m_hasOutdatedRows = true;
        return;
    }
    const SharedRevision revision = m_cache.revision();
    const std::byte *const now = m_cache.element(m_cache.first());
    const qint64 count = m_cache.end() - m_cache.first();
    m_isStale = false;
    m_hasOutdatedRows = false;
    m_count = revision.count;
    std::swap(m_keyed.keys, m_keyed.keysBefore);
    m_keyed.key.assign(now, count, m_elementSize, &m_keyed.keys);
    m_keyed.matching.match(m_keyed.keysBefore, m_keyed.keys);
    if (!m_keyed.matching.isSame())
        m_levels.reindex(m_keyed.matching.before());
    judgeLevels();
    m_changes.clear();
    compareKeptRows(before, now);
    for (const Edit &edit : edits) {
        const qint64 row = edit.keyed ? edit.keyed->occurrence.indexIn(m_keyed.keys) : -1;
        if (row >= 0)
            m_changes.addCell(row, edit.column);
    }
    const DirectRows rows{now, 0, static_cast<quint64>(count)};
    if (m_keyed.matching.isSame() && m_changes.isEmpty()) {
        m_directRows = rows;
        m_levels.showNew();
        setRevisionInfo(revision);
        announceLevels();
        return;
    }
    m_keyed.isChanging = true;
    m_directRows = {};
    m_keyed.elements.resize(static_cast<std::size_t>(m_rows));
    for (qint64 row = 0; row < m_rows; ++row)
        m_keyed.elements[static_cast<std::size_t>(row)] = before + row * m_elementSize;
    removeGoneRows();
    moveKeptRows();
    insertNewRows(now);
    m_isRevisionSignalPending = isOther(revision);
    m_revisionInfo = revision;
    announceChanges();
    m_directRows = rows;
    m_levels.showReindexed(m_keyed.matching.before());
    endChange();
    announceCount();
    setRevisionInfo(m_revisionInfo);
    announceLevels();
}

bool SharedArrayModelPrivate::readAllRows()
{
    if (!m_follower.isOpen())
        return false;
    // Each revision may have another count, and a newer one may come before the read.
    constexpr int MostTries = 8;
    qint64 count = newestCount();
    for (int i = 0; i < MostTries; ++i) {
        const RowCache::Result result = m_cache.read(*segment(), m_firstRow, m_firstRow + rowsOf(count));
        if (result == RowCache::Result::OutOfMemory)
            failForMemory();
        if (result != RowCache::Result::Done)
            return false;
        m_isMemoryErrorReported = false;
        if (m_cache.end() - m_cache.first() == rowsOf(m_cache.revision().count))
            return true;
        count = m_cache.revision().count;
        m_cache.undo();
    }
    m_follower.schedule();
    return false;
}

void SharedArrayModelPrivate::compareKeptRows(const std::byte *before, const std::byte *now)
{
    const std::vector<int> &rows = m_keyed.matching.before();
    for (std::size_t row = 0; row < rows.size();) {
        const std::size_t first = row++;
        if (rows[first] == RowMatching::None)
            continue;
        while (row < rows.size() && rows[row] == rows[row - 1] + 1)
            ++row;
        m_changes.compare(m_fields, m_elementSize, before + rows[first] * m_elementSize,
                          now + static_cast<qsizetype>(first) * m_elementSize, static_cast<qint64>(first),
                          static_cast<qint64>(row - first));
    }
    // Joined blocks of different columns would announce rows whose other columns have changed, too, in parts.
    if (m_changes.isCrowded()) {
        m_changes.clear();
        m_changes.addRows(0, static_cast<qint64>(rows.size()), static_cast<int>(m_fields.size()));
    }
}

void SharedArrayModelPrivate::removeGoneRows()
{
    const std::vector<RowMatching::Rows> &removed = m_keyed.matching.removed();
    for (std::size_t i = removed.size(); i > 0; --i) {
        const RowMatching::Rows &rows = removed[i - 1];
        q->beginRemoveRows(QModelIndex(), rows.first, rows.first + rows.count - 1);
        const auto first = m_keyed.elements.begin() + rows.first;
        m_keyed.elements.erase(first, first + rows.count);
        m_rows -= rows.count;
        q->endRemoveRows();
    }
}

void SharedArrayModelPrivate::moveKeptRows()
{
    const std::size_t most = std::max(MostMovedRows / static_cast<std::size_t>(std::max(m_rows, 1)), std::size_t(1));
    if (!m_keyed.matching.findMoves(most, &m_keyed.moves)) {
        reorderKeptRows();
        return;
    }
    for (const RowMatching::Move &move : m_keyed.moves) {
        q->beginMoveRows(QModelIndex(), move.first, move.first + move.count - 1, QModelIndex(), move.to);
        const auto first = m_keyed.elements.begin() + move.first;
        const auto to = m_keyed.elements.begin() + move.to;
        if (to < first)
            std::rotate(to, first, first + move.count);
        else
            std::rotate(first, first + move.count, to);
        q->endMoveRows();
    }
}

void SharedArrayModelPrivate::reorderKeptRows()
{
    Q_EMIT q->layoutAboutToBeChanged();
    const std::vector<int> &order = m_keyed.matching.order();
    const std::vector<const std::byte *> elements = m_keyed.elements;
    std::vector<int> rows(order.size());
    for (std::size_t row = 0; row < order.size(); ++row) {
        m_keyed.elements[row] = elements[static_cast<std::size_t>(order[row])];
        rows[static_cast<std::size_t>(order[row])] = static_cast<int>(row);
    }
    const QModelIndexList before = q->persistentIndexList();
    QModelIndexList now;
    now.reserve(before.size());
    for (const QModelIndex &index : before)
        now.append(q->index(rows[static_cast<std::size_t>(index.row())], index.column()));
    q->changePersistentIndexList(before, now);
    Q_EMIT q->layoutChanged();
}

void SharedArrayModelPrivate::insertNewRows(const std::byte *now)
{
    for (const RowMatching::Rows &rows : m_keyed.matching.inserted()) {
        q->beginInsertRows(QModelIndex(), rows.first, rows.first + rows.count - 1);
        const auto first = m_keyed.elements.insert(m_keyed.elements.begin() + rows.first,
                                                   static_cast<std::size_t>(rows.count), nullptr);
        for (int row = 0; row < rows.count; ++row)
            *(first + row) = now + static_cast<qsizetype>(rows.first + row) * m_elementSize;
        m_rows += rows.count;
        q->endInsertRows();
    }
}

KeyedElement SharedArrayModelPrivate::keyedElement(int row)
{
    KeyedElement keyed;
    keyed.key = m_keyed.key;
    keyed.occurrence.first = m_firstRow;
    keyed.occurrence.key = m_keyed.key.of(element(row));
    for (int before = 0; before < row; ++before) {
        if (m_keyed.key.of(element(before)) == keyed.occurrence.key)
            ++keyed.occurrence.number;
    }
    const FieldDecoder &field = m_fields.at(fieldOfName(m_fields, m_keyed.usedName));
    keyed.text = u"%1 = %2"_s.arg(m_keyed.usedName, field.readForDisplay(element(row)).toString());
    return keyed;
}
