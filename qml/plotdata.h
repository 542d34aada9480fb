// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedSegment>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

/// What a plot draws of a segment: the least and the greatest finite number for each column of pixels.
class PlotData
{
public:
    /// Both NaN: nothing to draw there.
    struct Column
    {
        double low;
        double high;
    };

    struct Request
    {
        qint64 first = 0;
        qint64 count = 0;
        SharedLayout::Field field{};
        qsizetype elementSize = 0;
        int columns = 0;

        bool isSame(const Request &other) const
        {
            return first == other.first && count == other.count && field.type == other.field.type
                && field.offset == other.field.offset && field.size == other.field.size
                && elementSize == other.elementSize && columns == other.columns;
        }
    };

    /// More bytes are not gone through: the thread has other things to do, and what lies there untouched comes into being by being read.
    static constexpr qint64 MostBytes = qint64(1) << 30;
    static bool isTooMuch(const Request &request) { return request.count > MostBytes / request.elementSize; }

    /// Of no more than MostBytes. With no more samples than columns there is one column for each sample. @returns the revision, or nothing if
    /// reading failed; then all stays as it was, and isOutOfMemory() says whether that was why. Much is gone through by several calls, so
    /// that the thread has time for other things in between: all stays as it was, and isUnfinished() says so.
    std::optional<quint64> read(const SharedSegment &segment, const Request &request);
    bool isUnfinished() const { return m_isUnfinished; }
    /// Forgets what was begun: the segment is another one.
    void abandon() { m_isUnfinished = false; }
    void clear()
    {
        m_columns.clear();
        abandon();
    }
    /// Whether the last read() or hold() had not the memory.
    bool isOutOfMemory() const { return m_isOutOfMemory; }

    /// Copies the newest revision, whole; what is read from then on comes from the copy. Does nothing if there is one already, or if
    /// it cannot be had: of more than MostBytes, say.
    void hold(const SharedSegment &segment);
    /// Gives the copy back.
    void release() { m_held.reset(); }

    const std::vector<Column> &columns() const { return m_columns; }
    /// Of all columns; NaN if there is nothing to draw.
    Column extent() const;

private:
    std::optional<quint64> readInPieces(const SharedSegment &segment, const Request &request, bool *isMixed);
    std::optional<quint64> readWhole(const SharedSegment &segment, const Request &request);
    /// Null if there is no memory.
    std::byte *buffer(qsizetype size);
    std::optional<quint64> readHeld(const Request &request);
    void begin(const Request &request);
    void add(const Request &request, const std::byte *elements, qint64 first, qint64 count);

    std::vector<Column> m_columns;
    std::vector<Column> m_next;
    Request m_begun; ///< what m_next is of; up to m_at, of the revision
    qint64 m_at = 0;
    quint64 m_begunRevision = 0;
    int m_restarts = 0;
    bool m_isUnfinished = false;
    std::unique_ptr<std::byte[]> m_buffer;
    qsizetype m_bufferSize = 0;
    std::unique_ptr<std::byte[]> m_held;
    quint64 m_heldRevision = 0;
    bool m_isOutOfMemory = false;
};
