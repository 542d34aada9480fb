// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>

#include <cstddef>
#include <deque>

/// The elements of a stream that a model shows: the newest ones, in the blocks in which they were read.
///
/// Appending and removing at the front copies no element. A row is found by a binary search among the blocks.
class StreamRows
{
public:
    /// Elements that follow each other in the stream.
    struct Block
    {
        quint64 position = 0; ///< the number of the first element
        QByteArray bytes;
        qint64 timestamp = 0;   ///< when the last element was appended, in ns since 1970 UTC; 0: unknown
        bool isOneTime = false; ///< the other elements were appended at about the same time
        qint64 first = 0;       ///< of all rows so far; append() sets it
    };

    /// Drops all rows and sets the size of an element.
    void reset(qsizetype elementSize);
    int count() const { return static_cast<int>(m_end - m_first); }
    void append(Block block);
    void removeFirst(int rows);

    /// Returns the bytes of a row, or null if there is none.
    const std::byte *element(int row) const;
    /// Returns the number that the element of a row has in the stream; 0 if there is none.
    quint64 position(int row) const;
    /// Returns when the element of a row was appended, in ns since 1970 UTC; 0 if that is unknown.
    /// @param interval the ns between two elements, by which the times follow from the newest; 0: unknown
    qint64 timestamp(int row, double interval) const;

private:
    /// Returns the block of a row and the row's place in it; null if there is none.
    const Block *find(int row, qsizetype *at) const;

    std::deque<Block> m_blocks;
    qint64 m_first = 0; ///< the row that is row 0 now, of all rows so far
    qint64 m_end = 0;
    qsizetype m_elementSize = 1;
};
