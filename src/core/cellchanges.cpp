// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "cellchanges_p.h"

#include <algorithm>
#include <cstring>

namespace {

// Rows per comparison, since most rows of a large table do not change.
constexpr qint64 ChunkRows = 64;

bool isSame(const std::byte *before, const std::byte *after, qint64 size)
{
    return std::memcmp(before, after, static_cast<std::size_t>(size)) == 0;
}

} // namespace

void CellChanges::compare(const QList<FieldDecoder> &fields, qsizetype elementSize, const std::byte *before,
                          const std::byte *after, qint64 firstRow, qint64 count)
{
    m_columns.assign(static_cast<std::size_t>(fields.size()), 0);
    m_run.clear();
    for (qint64 at = 0; at < count; ++at) {
        if (at % ChunkRows == 0) {
            const qint64 chunk = std::min(ChunkRows, count - at);
            if (isSame(before + at * elementSize, after + at * elementSize, chunk * elementSize)) {
                endRun(firstRow + at);
                at += chunk - 1;
                continue;
            }
        }
        const std::byte *old = before + at * elementSize;
        const std::byte *now = after + at * elementSize;
        if (isSame(old, now, elementSize)) {
            endRun(firstRow + at);
            continue;
        }
        bool isAny = false;
        for (qsizetype column = 0; column < fields.size(); ++column) {
            const bool isOther = !fields.at(column).isSame(old, now);
            m_columns[static_cast<std::size_t>(column)] = isOther;
            isAny = isAny || isOther;
        }
        if (isAny && m_run == m_columns)
            continue;
        endRun(firstRow + at);
        if (isAny) {
            m_run = m_columns;
            m_runStart = firstRow + at;
        }
    }
    endRun(firstRow + count);
}

void CellChanges::endRun(qint64 endRow)
{
    for (std::size_t column = 0; column < m_run.size(); ++column) {
        if (!m_run[column])
            continue;
        const std::size_t left = column;
        while (column + 1 < m_run.size() && m_run[column + 1])
            ++column;
        add({m_runStart, static_cast<int>(left), endRow - 1, static_cast<int>(column)});
    }
    m_run.clear();
}

void CellChanges::add(const Block &block)
{
    if (m_blocks.size() >= MostBlocks) {
        for (Block &other : m_blocks) {
            if (other.left == block.left && other.right == block.right) {
                other.top = std::min(other.top, block.top);
                other.bottom = std::max(other.bottom, block.bottom);
                return;
            }
        }
    }
    m_blocks.push_back(block);
}

void CellChanges::addRows(qint64 firstRow, qint64 endRow, int columns)
{
    if (firstRow < endRow && columns > 0)
        add({firstRow, 0, endRow - 1, columns - 1});
}

void CellChanges::addCell(qint64 row, int column)
{
    const bool isThere = std::any_of(m_blocks.cbegin(), m_blocks.cend(),
                                     [&](const Block &block) { return block.contains(row, column); });
    if (!isThere)
        add({row, column, row, column});
}

void CellChanges::giveBack(std::vector<Block> &&blocks)
{
    blocks.clear();
    if (m_blocks.capacity() < blocks.capacity() && m_blocks.empty())
        m_blocks = std::move(blocks);
    else if (m_spare.capacity() < blocks.capacity())
        m_spare = std::move(blocks);
}
