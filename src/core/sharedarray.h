// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment.h"

#include <QtCore/QList>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <span>

/// An array of T that processes share; with N, its length is part of the type. Owns its SharedSegment.
///
/// A mismatch of layout or length is found by open(). Reading (snapshot(), read(), at(), size(), revision()) is safe from any
/// thread; everything else belongs to the thread that it was made in. On failure error() and errorString() say why.
template<typename T, std::size_t N = std::dynamic_extent>
class SharedArray
{
    static_assert(!std::is_array_v<T>, "SharedSegment: use std::array as the element of a SharedArray");

public:
    using value_type = T; ///< the element
    /// Whether the length is part of the type.
    static constexpr bool HasFixedLength = N != std::dynamic_extent;
    /// What is larger is not returned by value: it would be on the stack of who calls, which may have no more.
    static constexpr std::size_t MostBytesByValue = 1024 * 1024;

    /// The next revision while it is being written: starts as the newest one, and is published when it goes, unless it is
    /// discarded or left by an exception. Tests as false when there is nothing to write to.
    class Writer
    {
    public:
        /// With nothing to write to.
        Writer() = default;
        /// Of what write() of the segment gave.
        explicit Writer(SharedWriter writer)
            : m_writer(std::move(writer))
        {
        }

        /// Whether there is something to write to.
        explicit operator bool() const { return bool(m_writer); }
        /// @{
        /// The elements, size() of them; none if there is nothing to write to.
        T *data() const { return reinterpret_cast<T *>(m_writer.bytes().data()); }
        qsizetype size() const { return static_cast<qsizetype>(m_writer.bytes().size() / sizeof(T)); }
        std::span<T> span() const { return {data(), static_cast<std::size_t>(size())}; }
        T *begin() const { return data(); }
        T *end() const { return data() + size(); }
        /// @}
        /// `index` must lie within size().
        T &operator[](qsizetype index) const { return data()[index]; }

        /// Publishes now. @returns the revision, or nothing if there was nothing to publish.
        std::optional<quint64> publish() { return m_writer.publish(); }
        /// Publishes nothing: the newest revision stays what it was.
        void discard() { m_writer.discard(); }

    private:
        SharedWriter m_writer;
    };

    /// Closed; its segment has the layout of T, and the length N.
    explicit SharedArray(const QString &name = QString())
        : m_segment(std::make_unique<SharedSegment>(name))
    {
        m_segment->setLayout(SharedLayout::of<T>());
        if constexpr (HasFixedLength)
            m_segment->setLength(static_cast<qint64>(N));
    }

    /// For signals and properties. Never null.
    SharedSegment *segment() const { return m_segment.get(); }

    /// Creates the segment and owns its name. Zero-filled, revision 0. @returns false on failure, with everything as before.
    bool create(qint64 length) requires(!HasFixedLength) { return m_segment->create(SharedLayout::of<T>(), length); }
    /// With the length N, or else the segment's property `length`.
    bool create() { return m_segment->create(); }
    /// Opens what exists. @returns false on failure, with everything as before; LayoutMismatch: it is not an array of T, or not of N.
    bool open(SharedSegment::Access access = SharedSegment::Access::ReadOnly) { return m_segment->open(access); }
    /// Opens memory of another library; see SharedSegment::openForeign(). Without N: as many elements as the segment's property `length`
    /// says, or as fit.
    bool openForeign(const QString &name, qint64 offset = 0,
                     SharedSegment::Access access = SharedSegment::Access::ReadOnly)
    {
        return m_segment->openForeign(name, SharedLayout::of<T>(), offset, access);
    }
    /// For equal peers: see SharedSegment::createOrOpen().
    bool createOrOpen(qint64 length) requires(!HasFixedLength)
    {
        return m_segment->createOrOpen(SharedLayout::of<T>(), length);
    }
    /// With the length N, or else the segment's property `length`.
    bool createOrOpen() { return m_segment->createOrOpen(); }
    /// @{
    /// As the segment has it.
    bool waitForOpened(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_segment->waitForOpened(deadline);
    }
    bool waitForUpdated(quint64 since, QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_segment->waitForUpdated(since, deadline);
    }
    void close() { m_segment->close(); }
    bool isOpen() const { return m_segment->isOpen(); }
    SharedSegment::Error error() const { return m_segment->error(); }
    QString errorString() const { return m_segment->errorString(); }
    /// @}

    /// In elements; 0 while nothing is open.
    qsizetype size() const { return static_cast<qsizetype>(m_segment->size() / qint64(sizeof(T))); }
    /// The newest revision; 0 is the zero-filled start.
    quint64 revision() const { return m_segment->revision(); }

    /// The newest revision, whole. Empty on failure.
    QList<T> snapshot(SharedStamp *stamp = nullptr) const
    {
        if (!m_segment->checkMemory(m_segment->size()))
            return QList<T>();
        QList<T> values = forOverwriting(size());
        const std::span<T> span(values.data(), static_cast<std::size_t>(values.size()));
        return read(span, stamp) ? values : QList<T>();
    }

    /// Copies the newest revision's first elements, as many as the destination has. @returns its number, or nothing on failure.
    std::optional<quint64> read(std::span<T> destination, SharedStamp *stamp = nullptr) const
    {
        return m_segment->read(std::as_writable_bytes(destination), 0, stamp);
    }

    /// The element of the newest revision; T{} on failure, InvalidSize if it has no such element. Not for a T of more than 1 MiB.
    T at(qsizetype index) const
    {
        static_assert(sizeof(T) <= MostBytesByValue,
                      "SharedSegment: the element is too large to be returned by at(); use snapshot() or read()");
        T value{};
        // An index so large that its offset would overflow is out of range as well.
        constexpr qint64 Limit = std::numeric_limits<qint64>::max() / qint64(sizeof(T));
        const qint64 offset = std::clamp(qint64(index), -Limit, Limit) * qint64(sizeof(T));
        // In place: another T beside it may be more than the stack has left.
        if (!m_segment->read(std::as_writable_bytes(std::span(&value, 1)), offset))
            ::new (static_cast<void *>(&value)) T{};
        return value;
    }

    /// Starts the next revision. Waits for other writers at most `wait`; tests as false on failure.
    Writer write(std::chrono::milliseconds wait = SharedSegment::defaultWait())
    {
        return Writer(m_segment->write(wait));
    }

    /// Publishes `values`, size() of them, as the next revision, without a copy of the old one first.
    bool write(std::span<const T> values, std::chrono::milliseconds wait = SharedSegment::defaultWait())
    {
        const std::span<const std::byte> bytes = std::as_bytes(values);
        return m_segment->publish(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())), wait);
    }

    /// One frame only: the memory itself, unsynchronised, valid until close(). Empty else.
    std::span<T> live() const
    {
        const std::span<std::byte> bytes = m_segment->live();
        return {reinterpret_cast<T *>(bytes.data()), bytes.size() / sizeof(T)};
    }

private:
    static QList<T> forOverwriting(qsizetype size)
    {
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
        QList<T> values;
        values.resizeForOverwrite(size);
        return values;
#else
        // resize() would clear first, which takes half as long as the reading itself.
        auto data = QTypedArrayData<T>::allocate(size);
        return data.second ? QList<T>(QArrayDataPointer<T>(data, size)) : QList<T>();
#endif
    }

    std::unique_ptr<SharedSegment> m_segment;
};
