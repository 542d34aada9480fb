// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "streamrows_p.h"

#include <algorithm>
#include <cmath>
#include <utility>

void StreamRows::reset(qsizetype elementSize)
{
    m_blocks.clear();
    m_first = 0;
    m_end = 0;
    m_elementSize = std::max<qsizetype>(elementSize, 1);
}

void StreamRows::append(Block block)
{
    block.first = m_end;
    m_end += block.bytes.size() / m_elementSize;
    m_blocks.push_back(std::move(block));
}

void StreamRows::removeFirst(int rows)
{
    m_first = std::min(m_first + rows, m_end);
    while (!m_blocks.empty() && m_blocks.front().first + m_blocks.front().bytes.size() / m_elementSize <= m_first)
        m_blocks.pop_front();
}

const StreamRows::Block *StreamRows::find(int row, qsizetype *at) const
{
    if (row < 0 || row >= count())
        return nullptr;
    const qint64 wanted = m_first + row;
    const auto after = std::upper_bound(m_blocks.begin(), m_blocks.end(), wanted,
                                        [](qint64 number, const Block &block) { return number < block.first; });
    const Block &block = *std::prev(after);
    *at = static_cast<qsizetype>(wanted - block.first);
    return &block;
}

const std::byte *StreamRows::element(int row) const
{
    qsizetype at = 0;
    const Block *const block = find(row, &at);
    return block ? reinterpret_cast<const std::byte *>(block->bytes.constData()) + at * m_elementSize : nullptr;
}

quint64 StreamRows::position(int row) const
{
    qsizetype at = 0;
    const Block *const block = find(row, &at);
    return block ? block->position + static_cast<quint64>(at) : 0;
}

qint64 StreamRows::timestamp(int row, double interval) const
{
    qsizetype at = 0;
    const Block *const block = find(row, &at);
    if (!block || block->timestamp == 0)
        return 0;
    const qsizetype before = block->bytes.size() / m_elementSize - 1 - at;
    if (interval > 0) // Another process chose it.
        return block->timestamp - std::llround(std::min(static_cast<double>(before) * interval, 1e18));
    return before == 0 || block->isOneTime ? block->timestamp : 0;
}
