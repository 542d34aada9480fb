// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment.h"

#include <cstddef>
#include <memory>
#include <utility>

/// Cache of a range of rows of one revision. The cost of a refresh depends on the visible rows, not on the capacity.
///
/// The cache has two buffers, so that a failed read leaves the old rows unchanged. The buffers only grow, so that a
/// steady state allocates nothing.
class RowCache
{
public:
    /// Maximum size of one read. A larger read takes seconds, and reading allocates pages of the segment.
    static constexpr qsizetype MostBytes = qsizetype(1) << 30;

    /// Drops all rows and sets the size of an element and the capacity of the segment.
    void reset(qsizetype elementSize, qint64 capacity);
    /// Sets the capacity of the segment and drops rows beyond it.
    void setCapacity(qint64 capacity);

    /// Returns the bytes of an element, or null if it is not in the cache.
    const std::byte *element(qint64 index) const
    {
        return index >= m_now.first && index < m_now.end ? m_now.bytes.get() + (index - m_now.first) * m_elementSize
                                                         : nullptr;
    }

    /// Returns the index of an element by its bytes, or -1 if they are not in the cache.
    qint64 indexOf(const std::byte *element) const
    {
        const auto at = reinterpret_cast<quintptr>(element) - reinterpret_cast<quintptr>(m_now.bytes.get());
        const auto index = static_cast<quint64>(at) / static_cast<quint64>(m_elementSize);
        return index < static_cast<quint64>(m_now.end - m_now.first) ? m_now.first + static_cast<qint64>(index) : -1;
    }

    enum class Result { Done, Failed, OutOfMemory };
    /// Replaces the rows by rows `first` to `end` (excluded) of the newest revision, as far as the revision has them. On
    /// failure the old rows stay.
    Result read(const SharedSegment &segment, qint64 first, qint64 end);

    /// Undoes the last read().
    void undo() { std::swap(m_now, m_next); }

    qint64 first() const { return m_now.first; }
    qint64 end() const { return m_now.end; }
    bool isEmpty() const { return m_now.first == m_now.end; }
    /// @{
    /// Access to the rows that the last read() replaced.
    qint64 firstBefore() const { return m_next.first; }
    const SharedRevision &revisionBefore() const { return m_next.revision; }
    qint64 endBefore() const { return m_next.end; }
    const std::byte *elementBefore(qint64 index) const
    {
        return m_next.bytes.get() + (index - m_next.first) * m_elementSize;
    }
    /// @}
    const SharedRevision &revision() const { return m_now.revision; }
    /// Number of successful reads since construction.
    quint64 readCount() const { return m_readCount; }

private:
    struct Rows
    {
        std::unique_ptr<std::byte[]> bytes;
        qsizetype capacity = 0;
        qint64 first = 0;
        qint64 end = 0;
        SharedRevision revision;
    };

    Rows m_now;
    Rows m_next;
    qsizetype m_elementSize = 1;
    qint64 m_capacity = 0;
    quint64 m_readCount = 0;
};
