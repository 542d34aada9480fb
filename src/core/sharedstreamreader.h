// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedrevision.h"
#include "sharedsegment_export.h"

#include <QtCore/QByteArray>

#include <cstddef>
#include <memory>
#include <span>

class SharedSegment;
class SharedStreamReaderPrivate;

/// Reads a stream from a position of its own, and counts exactly what it missed.
///
/// A stream is a broadcast ring buffer of the newest `capacity` elements. Each reader gets each element, in order, as long as
/// it takes them before they are overwritten; readers hold up neither the writer nor each other. Any number of readers may
/// read one segment.
///
/// The reader follows its segment: each opening begins anew, at the newest element or where seek() says, and with nothing
/// lost. In a segment that has replaced the open one (SharedSegment::reopened()) it continues at its position.
///
/// It belongs to one thread at a time, which may be another one than the segment's. A failure sets the segment's `error`, but
/// only in the segment's thread.
class SHAREDSEGMENT_EXPORT SharedStreamReader
{
public:
    /// Where a reader begins.
    enum Start {
        Newest, ///< the first element is the next one that is appended
        Oldest, ///< the first element is the oldest one that is still there
    };

    /// Makes a reader of `segment`, which has to live longer than calls of this reader. It begins at the newest element of
    /// this moment if the segment is open.
    explicit SharedStreamReader(SharedSegment *segment);
    ~SharedStreamReader();

    /// Returns the segment; null after it was deleted.
    SharedSegment *segment() const;

    /// Continues at `start`, and begins there in later openings, too. Default: Newest.
    ///
    /// With Oldest, what is overwritten before the first element is read does not count as lost.
    void seek(Start start);
    /// Continues at the element of number `position`, at most the newest position. While the segment is closed, the next
    /// opening begins there. Elements from it on that are overwritten already count as lost.
    void seek(quint64 position);

    /// Returns the number of the next element: of the stream's first one it is 0, and numbers never wrap. 0 before the first
    /// opening.
    quint64 position() const;
    /// Returns the number of elements that can be read now; 0 while no stream is open.
    quint64 available() const;
    /// Returns how many elements were overwritten before this reader took them, since the opening, as known from its reads.
    quint64 lost() const;

    /// Returns the bytes of the elements that came since the last read: all of them, or at most `most` with `most` at least 0.
    /// They follow each other without a gap; what was lost lies before the first. Never waits.
    ///
    /// Stores in `revision`, if given, the position after the last element as `number`, the times of the append that ended
    /// there as `timestamp` and `sourceTimestamp` (0 where it is not one of the newest two), and the number of elements as `count`.
    /// @returns empty when nothing is new, on failure, and when writers overwrote the elements in each attempt to copy them. In
    /// the last case they count as lost; otherwise the position is as before.
    ///
    /// Errors: NotFound when nothing is open; LayoutMismatch when the segment is no stream; OutOfMemory when the elements do
    /// not fit into memory.
    QByteArray readNew(qsizetype most = -1, SharedRevision *revision = nullptr);
    /// Copies elements as above to the start of `destination`, as many as are there and fit.
    /// @returns their number; 0 as above.
    ///
    /// Errors: NotFound when nothing is open; LayoutMismatch when the segment is no stream.
    qsizetype read(std::span<std::byte> destination, SharedRevision *revision = nullptr);

private:
    Q_DISABLE_COPY_MOVE(SharedStreamReader)
    template<typename T>
    friend class SharedStream;

    /// Like SharedSegment::checkMemory(), but a success does not reset the error.
    bool hasMemoryFor(qint64 bytes);

    std::unique_ptr<SharedStreamReaderPrivate> d;
};
