// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fielddecoder.h"

#include <QtCore/QList>

#include <cstddef>
#include <utility>
#include <vector>

/// Collects the changed cells of a table as exact blocks: no block contains an unchanged cell, so that an open editor
/// of an unchanged cell stays untouched.
///
/// Above 1024 blocks, blocks of the same columns are joined together with the rows between them.
class CellChanges
{
public:
    /// A rectangle of rows and columns; `bottom` and `right` are included.
    struct Block
    {
        qint64 top;
        int left;
        qint64 bottom;
        int right;

        bool contains(qint64 row, int column) const
        {
            return row >= top && row <= bottom && column >= left && column <= right;
        }
    };

    /// Compares two arrays of `count` elements, shown from `firstRow` on, and adds the cells that differ.
    void compare(const QList<FieldDecoder> &fields, qsizetype elementSize, const std::byte *before,
                 const std::byte *after, qint64 firstRow, qint64 count);

    /// Adds a block of cells.
    void add(const Block &block);
    /// Adds whole rows; `endRow` is excluded.
    void addRows(qint64 firstRow, qint64 endRow, int columns);
    /// Adds a cell, unless a block contains it already.
    void addCell(qint64 row, int column);

    bool isEmpty() const { return m_blocks.empty(); }
    /// Whether the maximum number of blocks is reached: further ones are joined.
    bool isCrowded() const { return m_blocks.size() >= MostBlocks; }
    void clear() { m_blocks.clear(); }

    /// Returns all blocks and becomes empty.
    std::vector<Block> take() { return std::exchange(m_blocks, std::move(m_spare)); }
    /// Reuses the memory of blocks from take(), so that a steady state allocates nothing.
    void giveBack(std::vector<Block> &&blocks);

private:
    static constexpr std::size_t MostBlocks = 1024;

    void endRun(qint64 endRow);

    std::vector<Block> m_blocks;
    std::vector<Block> m_spare;
    std::vector<char> m_columns; ///< which columns changed in the current row
    std::vector<char> m_run;     ///< which columns changed in every row of the current run; empty without a run
    qint64 m_runStart = 0;
};
