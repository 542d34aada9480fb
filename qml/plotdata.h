// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotcurve.h"

#include <SharedSegment/SharedSegment>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

/// Elements of an array, reduced to the least and the greatest finite number per column of pixels.
class PlotData
{
public:
    struct Request
    {
        qint64 first = 0;
        qint64 count = 0;
        qint64 total = 0; ///< the number of elements of the revision to read
        SharedLayout::Field field{};
        qsizetype elementSize = 0;
        int columns = 0;
        double start = 0; ///< index at the left edge of the first column
        double width = 1; ///< elements per column; more at the right edge belong to the last column

        bool isSame(const Request &other) const
        {
            return first == other.first && count == other.count && total == other.total
                && field.type == other.field.type && field.offset == other.field.offset
                && field.size == other.field.size && elementSize == other.elementSize && columns == other.columns
                && start == other.start && width == other.width;
        }
    };

    /// Maximum size of the elements of a plot. More would block the thread for too long, and reading allocates pages of
    /// the segment.
    static constexpr qint64 MostBytes = qint64(1) << 30;
    static bool exceedsLimit(const Request &request) { return request.count > MostBytes / request.elementSize; }

    /// Reads the elements of a request of at most MostBytes. @returns the revision, or nothing on failure, also if a newer revision has another number of elements; then
    /// the columns stay unchanged, and isOutOfMemory() tells if memory was the reason. A large request takes several calls, so that the thread can do other work in between;
    /// until the last call the columns stay unchanged and isUnfinished() is true.
    std::optional<quint64> read(const SharedSegment &segment, const Request &request);
    bool isUnfinished() const { return m_isUnfinished; }
    /// Drops an unfinished read, since the segment changed.
    void abandon() { m_isUnfinished = false; }
    void clear()
    {
        m_columns.clear();
        abandon();
    }
    /// Whether the last read() or hold() failed for lack of memory.
    bool isOutOfMemory() const { return m_isOutOfMemory; }

    /// Copies the whole newest revision; from then on read() reads the copy. Does nothing if a copy exists or the copy
    /// fails, for example if the revision is larger than MostBytes.
    void hold(const SharedSegment &segment);
    /// Returns the revision of the copy, or nothing without one.
    std::optional<SharedRevision> held() const { return m_held ? std::optional(m_heldRevision) : std::nullopt; }
    const std::byte *heldBytes() const { return m_held.get(); }
    /// Releases the copy.
    void release() { m_held.reset(); }

    const std::vector<PlotColumn> &columns() const { return m_columns; }

private:
    std::optional<quint64> readInPieces(const SharedSegment &segment, const Request &request, bool *mustReadWhole);
    std::optional<quint64> readWhole(const SharedSegment &segment, const Request &request);
    /// Returns a buffer of at least `size` bytes, or null if memory is short.
    std::byte *buffer(qsizetype size);
    std::optional<quint64> readHeld(const Request &request);
    void begin(const Request &request);
    static qint64 columnOf(const Request &request, qint64 index);
    /// Returns the index after the last element of a column.
    static qint64 endOf(const Request &request, qint64 column);
    void add(const Request &request, const std::byte *elements, qint64 first, qint64 count);

    std::vector<PlotColumn> m_columns;
    std::vector<PlotColumn> m_next;
    Request m_pendingRequest; ///< request of the columns in m_next
    qint64 m_position = 0;    ///< m_next contains the samples before it, all of m_pendingRevision
    quint64 m_pendingRevision = 0;
    int m_restarts = 0;
    bool m_isUnfinished = false;
    std::unique_ptr<std::byte[]> m_buffer;
    qsizetype m_bufferSize = 0;
    std::unique_ptr<std::byte[]> m_held;
    SharedRevision m_heldRevision;
    bool m_isOutOfMemory = false;
};
