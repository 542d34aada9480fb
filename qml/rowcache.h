// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedSegment>

#include <cstddef>
#include <memory>

/// Rows of one revision of a segment: those that are looked at, so that a refresh costs what is visible and not the
/// length.
///
/// Two buffers: a read that fails leaves the old rows as they are. They only grow, so that a steady state allocates
/// nothing.
class RowCache
{
public:
    /// More is not read at once: it would take seconds, and what lies there untouched comes into being by being read.
    static constexpr qsizetype MostBytes = qsizetype(1) << 30;

    /// Forgets all rows; elements then have `elementSize` bytes, `length` of them.
    void reset(qsizetype elementSize, qint64 length);
    /// There are more or fewer elements; rows past the end are forgotten.
    void setLength(qint64 length);

    /// The bytes of an element, or null if the cache does not hold it.
    const std::byte *element(qint64 index) const
    {
        return index >= m_now.first && index < m_now.end ? m_now.bytes.get() + (index - m_now.first) * m_elementSize
                                                         : nullptr;
    }

    enum class Result { Done, Failed, OutOfMemory };
    /// Replaces the rows by those from `first` to `end` of the newest revision. Unless it is done, the rows stay.
    Result read(const SharedSegment &segment, qint64 first, qint64 end);

    qint64 first() const { return m_now.first; }
    qint64 end() const { return m_now.end; }
    bool isEmpty() const { return m_now.first == m_now.end; }
    /// @{
    /// The rows that the last read() replaced.
    qint64 firstBefore() const { return m_next.first; }
    const SharedStamp &stampBefore() const { return m_next.stamp; }
    qint64 endBefore() const { return m_next.end; }
    const std::byte *elementBefore(qint64 index) const
    {
        return m_next.bytes.get() + (index - m_next.first) * m_elementSize;
    }
    /// @}
    const SharedStamp &stamp() const { return m_now.stamp; }
    /// Successful reads since the object was made.
    quint64 readCount() const { return m_readCount; }

private:
    struct Rows
    {
        std::unique_ptr<std::byte[]> bytes;
        qsizetype capacity = 0;
        qint64 first = 0;
        qint64 end = 0;
        SharedStamp stamp;
    };

    Rows m_now;
    Rows m_next;
    qsizetype m_elementSize = 1;
    qint64 m_length = 0;
    quint64 m_readCount = 0;
};
