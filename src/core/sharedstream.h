// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "overwrittenlist.h"
#include "sharedsegment.h"
#include "sharedstreamreader.h"

#include <QtCore/QList>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>

/// A shared stream of elements of type T: each element reaches each reader, or the reader knows how many did not. Owns a
/// SharedSegment, and a SharedStreamReader of it.
///
/// The segment keeps the newest `capacity` elements. Take a SharedArray where only the newest value matters.
///
/// open() detects a mismatch of layout or kind. Functions are not thread-safe unless their text says so: an object belongs to the
/// thread that it was made in. On failure error() and errorString() give the cause; see SharedSegment for all errors.
template<typename T>
class SharedStream
{
    static_assert(!std::is_array_v<T>, "SharedSegment: use std::array as the element of a SharedStream");

public:
    using value_type = T; ///< the type of an element
    /// Where a reader begins; see SharedStreamReader::Start.
    using Start = SharedStreamReader::Start;
    static constexpr Start Newest = SharedStreamReader::Newest; ///< the next element that is appended
    static constexpr Start Oldest = SharedStreamReader::Oldest; ///< the oldest element that is still there

    /// Makes a closed stream. Its segment has the property `name`, the layout of T, and the kind Stream.
    explicit SharedStream(const QString &name = QString())
        : m_segment(std::make_unique<SharedSegment>(name))
        , m_reader(m_segment.get())
    {
        m_segment->setLayout(SharedLayout::of<T>());
        m_segment->setKind(SharedSegment::Kind::Stream);
    }

    Q_DISABLE_COPY_MOVE(SharedStream)

    /// Returns the segment, for signals and properties. The stream owns it. Never null.
    SharedSegment *segment() const { return m_segment.get(); }
    /// Returns the reader that readNew(), seek() and lost() use. More readers of segment() may be made.
    SharedStreamReader &reader() { return m_reader; }

    /// Creates the segment for the newest `capacity` elements, without any at first, and becomes the owner of its name.
    /// @returns whether it succeeded. After a failure all is as before, except for error().
    ///
    /// Errors: as SharedSegment::create().
    bool create(qint64 capacity) { return m_segment->create(SharedLayout::of<T>(), capacity); }
    /// Creates the segment as above for as many elements as the segment's property `capacity` says.
    bool create() { return m_segment->create(); }
    /// Opens the existing segment with `access`. Reading begins at the newest element of this moment, or where seek() said.
    /// @returns whether it succeeded. After a failure all is as before, except for error().
    ///
    /// Errors: LayoutMismatch when the elements are not of type T, or the segment is an array; otherwise as
    /// SharedSegment::open().
    bool open(SharedSegment::Access access = SharedSegment::Access::ReadOnly) { return m_segment->open(access); }
    /// Opens the segment, or creates it for `capacity` elements if its name has no owner: for equal peers.
    /// @returns whether it succeeded. After a failure all is as before, except for error(). See
    /// SharedSegment::createOrOpen().
    bool createOrOpen(qint64 capacity) { return m_segment->createOrOpen(SharedLayout::of<T>(), capacity); }
    /// Waits until the segment is open, or `deadline` passes. @returns whether it is open. See
    /// SharedSegment::waitForOpened().
    bool waitForOpened(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_segment->waitForOpened(deadline);
    }
    /// Waits until the newest position is another one than `since`, such as position(), or `deadline` passes. Thread-safe.
    /// @returns whether it is another one. See SharedSegment::waitForUpdated().
    bool waitForUpdated(quint64 since, QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_segment->waitForUpdated(since, deadline);
    }
    /// Closes the segment. The name of an owner is free at once.
    void close() { m_segment->close(); }
    /// Returns whether there is something to read. See SharedSegment::isOpen().
    bool isOpen() const { return m_segment->isOpen(); }
    /// Returns the code of the last failure. See the property `error` of SharedSegment.
    SharedSegment::Error error() const { return m_segment->error(); }
    /// Returns the text of the last failure. See the property `errorString` of SharedSegment.
    QString errorString() const { return m_segment->errorString(); }
    /// Returns the capacity: how many of the newest elements are kept. Thread-safe.
    qsizetype capacity() const { return static_cast<qsizetype>(m_segment->capacity()); }

    /// Appends one element. Waits for other writers at most SharedSegment::defaultWait().
    /// @returns whether it succeeded. After a failure nothing was appended.
    ///
    /// Errors: as SharedSegment::append().
    bool append(const T &value) { return append(std::span(&value, 1)); }
    /// Appends one element as above, and waits for other writers until `deadline`, such as `50ms`.
    bool append(const T &value, QDeadlineTimer deadline) { return append(std::span(&value, 1), deadline); }
    /// Appends `values` with one timestamp and one notification. See SharedSegment::append().
    bool append(std::span<const T> values) { return m_segment->append(std::as_bytes(values)); }
    /// Appends `values` as above, and waits for other writers until `deadline`, such as `50ms`.
    bool append(std::span<const T> values, QDeadlineTimer deadline)
    {
        return m_segment->append(std::as_bytes(values), deadline);
    }

    /// Continues reading at `start`, and begins there in later openings, too. See SharedStreamReader::seek().
    void seek(Start start) { m_reader.seek(start); }
    /// Continues reading at the element of number `position`. See SharedStreamReader::seek().
    void seek(quint64 position) { m_reader.seek(position); }
    /// Returns the number of the next element to read. See SharedStreamReader::position().
    quint64 position() const { return m_reader.position(); }
    /// Returns the number of elements that can be read now. See SharedStreamReader::available().
    quint64 available() const { return m_reader.available(); }
    /// Returns how many elements never came, since the opening. See SharedStreamReader::lost().
    quint64 lost() const { return m_reader.lost(); }

    /// Returns the elements that came since the last read: all of them, or at most `most` with `most` at least 0. Never waits.
    ///
    /// Stores the position after the last one, its time and the number of elements in `revision`, if given. See
    /// SharedStreamReader::readNew().
    /// @returns an empty list when nothing is new, and on failure.
    ///
    /// Errors: as SharedStreamReader::readNew().
    QList<T> readNew(qsizetype most = -1, SharedRevision *revision = nullptr)
    {
        const quint64 available = m_reader.available();
        const auto count = static_cast<qsizetype>(most < 0 ? available : std::min(available, quint64(most)));
        if (!m_reader.hasMemoryFor(qint64(count) * qint64(sizeof(T))))
            return QList<T>();
        QList<T> values = sharedsegment::listForOverwriting<T>(count);
        values.resize(read(std::span(values.data(), static_cast<std::size_t>(values.size())), revision));
        return values;
    }
    /// Copies elements as above to the start of `destination`, as many as are there and fit.
    /// @returns their number; 0 when nothing is new, and on failure.
    ///
    /// Errors: as SharedStreamReader::read().
    qsizetype read(std::span<T> destination, SharedRevision *revision = nullptr)
    {
        const qsizetype count = m_reader.read(std::as_writable_bytes(destination), revision);
        // The segment may have been given another layout.
        return std::min(count, static_cast<qsizetype>(destination.size()));
    }

private:
    std::unique_ptr<SharedSegment> m_segment;
    SharedStreamReader m_reader;
};
