// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../src/core/fielddecoder.h"

#include <QtCore/QList>

#include <cstddef>
#include <utility>
#include <vector>

/// Collects which cells of a table have other values than before, as blocks that are exact: an unchanged cell lies in
/// none of them, so that an editor that is open there is left alone.
///
/// Beyond a thousand blocks those of the same columns are joined, with what lies between them.
class CellChanges
{
public:
    /// Rows and columns, the last ones included.
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

    /// Adds what differs between two times `count` elements, which rows from `firstRow` on show.
    void compare(const QList<FieldDecoder> &fields, qsizetype elementSize, const std::byte *before,
                 const std::byte *after, qint64 firstRow, qint64 count);

    /// Adds whole rows, without the last one.
    void addRows(qint64 firstRow, qint64 endRow, int columns);
    /// Adds a cell, unless it is there already.
    void addCell(qint64 row, int column);

    bool isEmpty() const { return m_blocks.empty(); }
    void clear() { m_blocks.clear(); }

    /// Hands the blocks over and has none then.
    std::vector<Block> take() { return std::exchange(m_blocks, std::move(m_spare)); }
    /// Takes the memory back, so that a steady state allocates nothing.
    void giveBack(std::vector<Block> &&blocks);

private:
    void add(const Block &block);
    void endRun(qint64 endRow);

    std::vector<Block> m_blocks;
    std::vector<Block> m_spare;
    std::vector<char> m_columns; ///< which columns the row has changed
    std::vector<char> m_run;     ///< which columns all rows of the run have changed; a run of none has no columns
    qint64 m_runStart = 0;
};
