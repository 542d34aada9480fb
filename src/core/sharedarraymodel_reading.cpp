// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Which rows the model reads: those that views have requested, with some around them.

#include "sharedarraymodel_p.h"

#include <algorithm>
#include <utility>

namespace {

// Up to this size, copying all rows is cheaper than tracking the visible ones.
constexpr qint64 SmallBytes = 256 * 1024;
// Up to this size, requested rows are followed for ever, whether a view still shows them or not.
constexpr qint64 FollowedBytes = 4 * SmallBytes;
// Maximum size of one read for shown rows, except for one larger row: a view that jumps from one end to the other does
// not need the rows in between.
constexpr qint64 MostBytes = 64 * SmallBytes;
// Rows to prefetch on either side, for scrolling.
constexpr qint64 MarginRows = 128;

} // namespace

const std::byte *SharedArrayModelPrivate::requestRow(int row)
{
    if (row < 0 || row >= m_rows)
        return nullptr;
    if (isKeyed())
        return m_keyed.isChanging ? m_keyed.elements[static_cast<std::size_t>(row)] : nullptr;
    const qint64 index = m_firstRow + row;
    if (m_unannouncedRows.contains(index)) {
        m_requestedRows.add(index);
        return m_cache.elementBefore(index);
    }
    if (m_rowChange && index < m_rowChange->firstNew && !m_rowChange->cached.contains(index)) {
        withhold(index);
        return nullptr;
    }
    const std::byte *bytes = m_isStale ? nullptr : m_cache.element(index);
    if (!bytes)
        bytes = load(index);
    m_requestedRows.add(index);
    if (!m_isStale && !m_rowChange && m_unannouncedRows.isEmpty()) {
        const ElementRange recent = m_requestedRows.recent();
        const ElementRange ready = {std::max(recent.first, m_cache.first()), std::min(recent.end, m_cache.end())};
        if (!ready.isEmpty())
            m_directRows = {m_cache.element(ready.first), ready.first - m_firstRow,
                            static_cast<quint64>(ready.count())};
    }
    return bytes;
}

void SharedArrayModelPrivate::withhold(qint64 index)
{
    m_requestedRows.add(index);
    m_withheldRows.include({index, index + 1});
    m_hasOutdatedRows = true;
    m_follower.schedule();
}

const std::byte *SharedArrayModelPrivate::load(qint64 index)
{
    const bool wasStale = m_isStale;
    const ElementRange all = window();
    const ElementRange wanted = withMargin({index, index + 1}, all);
    ElementRange range = wanted;
    if (!wasStale)
        range.include({m_cache.first(), m_cache.end()});
    else if (m_prefetchedRows.contains(index))
        range.include(m_prefetchedRows);
    range = range.within(all);
    if (!fitsOneRead(range) && !m_follower.isPaused())
        range = wanted;
    if (!read(range)) {
        m_hasOutdatedRows = true;
        return m_cache.element(index);
    }
    if (m_rowChange) {
        m_rowChange->hasRead = true;
        m_unannouncedRows = comparedRows().within(m_rowChange->cached);
    }
    m_prefetchedRows = range;
    queueLevels();
    if (m_cache.revision().number != m_revisionInfo.number) {
        // Views are in the middle of reading: the signal follows with the next frame of the screen, and so do the rows
        // of another count.
        m_revisionInfo = m_cache.revision();
        m_isRevisionSignalPending = true;
        m_hasOutdatedRows = m_hasOutdatedRows || !wasStale;
        m_follower.schedule();
    }
    return m_cache.element(index);
}

bool SharedArrayModelPrivate::read(ElementRange range)
{
    if (!m_follower.isOpen())
        return false;
    m_unannouncedRows = ElementRange();
    const RowCache::Result result = m_cache.read(*segment(), range.first, range.end);
    if (result == RowCache::Result::OutOfMemory)
        failForMemory();
    if (result != RowCache::Result::Done)
        return false;
    m_isMemoryErrorReported = false;
    const bool isSame = !std::exchange(m_isStale, false)
                     && m_cache.revision().number == m_cache.revisionBefore().number;
    m_directRows = {};
    compare(isSame);
    judgeLevels();
    m_levels.showNew();
    return true;
}

void SharedArrayModelPrivate::compare(bool isSameRevision)
{
    const ElementRange requested = m_requestedRows.range();
    const ElementRange withheld = std::exchange(m_withheldRows, {}).within(requested);
    if (requested.isEmpty())
        return;
    const ElementRange compared = comparedRows();
    const ElementRange both = {std::max(requested.first, compared.first), std::min(requested.end, compared.end)};
    const int columns = static_cast<int>(m_fields.size());
    m_changes.addRows(withheld.first - m_firstRow, withheld.end - m_firstRow, columns);
    if (both.isEmpty()) {
        m_changes.addRows(requested.first - m_firstRow, requested.end - m_firstRow, columns);
        return;
    }
    // Rows that could not be read when they were requested.
    m_changes.addRows(requested.first - m_firstRow, both.first - m_firstRow, columns);
    m_changes.addRows(both.end - m_firstRow, requested.end - m_firstRow, columns);
    if (!isSameRevision)
        m_changes.compare(m_fields, m_elementSize, m_cache.elementBefore(both.first), m_cache.element(both.first),
                          both.first - m_firstRow, both.count());
}

void SharedArrayModelPrivate::trimRequestedRows()
{
    const std::optional<ElementRange> kept =
        m_requestedRows.trimmed(FollowedBytes / std::max<qsizetype>(m_elementSize, 1));
    if (!kept)
        return;
    const ElementRange before = m_requestedRows.range();
    m_requestedRows.keep(kept->isEmpty() ? ElementRange() : withMargin(*kept, window()).within(before));
    const ElementRange after = m_requestedRows.range();
    const int columns = static_cast<int>(m_fields.size());
    const qint64 first = after.isEmpty() ? before.end : after.first;
    m_changes.addRows(before.first - m_firstRow, first - m_firstRow, columns);
    if (!after.isEmpty())
        m_changes.addRows(after.end - m_firstRow, before.end - m_firstRow, columns);
}

ElementRange SharedArrayModelPrivate::withMargin(ElementRange range, ElementRange all) const
{
    if (isSmall(all) || m_follower.isPaused())
        return all;
    // Prefetch fewer rows if elements are large.
    const qint64 margin =
        std::min(std::max(MarginRows, range.count()), MostBytes / 4 / std::max<qsizetype>(m_elementSize, 1));
    return ElementRange{range.first - margin, range.end + margin}.within(all);
}

bool SharedArrayModelPrivate::isSmall(ElementRange window) const
{
    return window.count() <= SmallBytes / std::max<qsizetype>(m_elementSize, 1);
}

bool SharedArrayModelPrivate::fitsOneRead(ElementRange range) const
{
    return range.count() <= std::max<qint64>(MostBytes / std::max<qsizetype>(m_elementSize, 1), 1);
}
