// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// From the update of a segment to the signals of the model.

#include "sharedarraymodel_p.h"

#include <algorithm>
#include <vector>

void SharedArrayModelPrivate::handleUpdate()
{
    if (!m_follower.isOpen())
        return;
    if (m_isViewHidden) {
        m_isUpdateDeferred = true;
        return;
    }
    // data() may have read a newer revision of another count.
    if (segment()->revision() != m_revisionInfo.number || m_revisionInfo.count != m_count || m_hasOutdatedRows)
        refresh();
    else if (m_isRevisionSignalPending)
        setRevisionInfo(m_revisionInfo);
}

void SharedArrayModelPrivate::resumeUpdates()
{
    if (m_isUpdateDeferred)
        m_follower.schedule();
}

void SharedArrayModelPrivate::refresh(const QList<Edit> &edits)
{
    m_isUpdateDeferred = false;
    if (isKeyed()) {
        refreshKeyed(edits);
        return;
    }
    m_requestedRows.beginRefresh();
    m_directRows = {};
    const quint64 version = ++m_refreshVersion;
    const qint64 count = newestCount();
    shrink(count);
    // A slot may have shown a newer revision.
    if (version != m_refreshVersion)
        return;
    trimRequestedRows();
    const ElementRange all = windowOn(count);
    m_prefetchedRows = m_requestedRows.isEmpty() ? ElementRange() : withMargin(m_requestedRows.range(), all);
    if (m_requestedRows.isEmpty() || (!fitsOneRead(m_prefetchedRows) && !m_follower.isPaused())) {
        refreshUnread();
        return;
    }
    const bool isRead = read(m_prefetchedRows);
    for (const Edit &edit : edits)
        m_changes.addCell(edit.index - m_firstRow, edit.column);
    if (isRead) {
        announceCache();
        return;
    }
    // A writer interfered; its update triggers the next refresh.
    m_hasOutdatedRows = true;
    grow(count);
    announceCount();
}

void SharedArrayModelPrivate::refreshUnread()
{
    // No row was requested, or too many: views request the rows again that they still show.
    m_isStale = true;
    m_hasOutdatedRows = false;
    m_changes.clear();
    m_requestedRows.clear();
    m_prefetchedRows = ElementRange();
    m_levels.forgetShown();
    const quint64 version = m_refreshVersion;
    const SharedRevision revision = newest();
    shrink(revision.count);
    if (version == m_refreshVersion)
        setRevisionInfo(revision);
    announceValues();
    if (version == m_refreshVersion)
        grow(revision.count);
    announceCount();
}

void SharedArrayModelPrivate::hold()
{
    if (isKeyed() || (isSmall(window()) && !m_isStale))
        return;
    const quint64 version = ++m_refreshVersion;
    const qint64 count = newestCount();
    shrink(count);
    const ElementRange all = windowOn(count);
    if (version != m_refreshVersion || (all.isEmpty() && !m_hasVariableCount) || !read(all)) {
        announceCount();
        return;
    }
    const bool isUnread = m_requestedRows.isEmpty() && m_cache.revision().number != m_revisionInfo.number;
    announceCache();
    if (isUnread)
        announceValues();
}

void SharedArrayModelPrivate::announceCache()
{
    const quint64 version = m_refreshVersion;
    const qint64 count = m_cache.revision().count;
    m_hasOutdatedRows = false;
    shrink(count);
    if (version == m_refreshVersion)
        setRevisionInfo(m_cache.revision());
    announceChanges();
    announceLevels();
    if (version == m_refreshVersion)
        grow(count);
    announceCount();
}

void SharedArrayModelPrivate::setRevisionInfo(const SharedRevision &revision)
{
    const bool isSignalDue = std::exchange(m_isRevisionSignalPending, false) || isOther(revision);
    m_revisionInfo = revision;
    if (isSignalDue)
        Q_EMIT q->revisionChanged();
}

void SharedArrayModelPrivate::announceValues()
{
    if (m_rows > 0)
        Q_EMIT q->dataChanged(q->index(0, 0), q->index(m_rows - 1, q->columnCount() - 1));
}

void SharedArrayModelPrivate::announceChanges()
{
    if (m_changes.isEmpty())
        return;
    std::vector<CellChanges::Block> blocks = m_changes.take();
    // A proxy that sorts compares a changed row with the others, whose values have to be those that it knows.
    m_directRows = {};
    m_unannouncedRows = isKeyed() ? ElementRange() : comparedRows();
    const quint64 ordering = m_rowOrderVersion;
    for (const CellChanges::Block &block : blocks) {
        // A slot may have changed the rows.
        if (ordering != m_rowOrderVersion) {
            m_unannouncedRows = ElementRange();
            return;
        }
        const auto bottom = static_cast<int>(std::min<qint64>(block.bottom, m_rows - 1));
        for (qint64 row = block.top; m_keyed.isChanging && row <= bottom; ++row)
            m_keyed.elements[static_cast<std::size_t>(row)] = m_cache.element(m_cache.first() + row);
        if (m_unannouncedRows.contains(m_firstRow + block.top))
            m_unannouncedRows.first = m_firstRow + block.bottom + 1;
        if (block.top <= bottom)
            Q_EMIT q->dataChanged(q->index(static_cast<int>(block.top), block.left), q->index(bottom, block.right),
                                  rolesOf(block.left, block.right));
    }
    m_unannouncedRows = ElementRange();
    m_changes.giveBack(std::move(blocks));
}

QList<int> SharedArrayModelPrivate::rolesOf(int left, int right)
{
    // A list delegate shows the whole row. Without roles, a change of any field would evaluate the property of a field
    // again that the user is editing.
    if (right - left + 1 >= m_fields.size())
        return {};
    constexpr qsizetype MostKept = 256;
    if (m_rolesOf.size() > MostKept)
        m_rolesOf.clear();
    QList<int> &roles = m_rolesOf[{left, right}];
    if (roles.isEmpty())
        roles = Roles.roles({FieldRoles::Sort::Value, FieldRoles::Sort::Text}, left, right);
    return roles;
}
