// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "overwrittenlist.h"
#include "sharedsegment.h"

#include <QtCore/QList>

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <span>

/// A shared array of elements of type T. Owns a SharedSegment. Each revision has as many elements as the capacity, or after
/// createWithCapacity() as many as were published. With N, each has N elements, and N is part of the type.
///
/// It is no container: each call reads the newest revision, or publishes another one. open() detects a mismatch of layout,
/// kind or capacity. Functions are not thread-safe unless their text says so: an object
/// belongs to the thread that it was made in. On failure error() and errorString() give the cause; see SharedSegment
/// for all errors.
template<typename T, std::size_t N = std::dynamic_extent>
class SharedArray
{
    static_assert(!std::is_array_v<T>, "SharedSegment: use std::array as the element of a SharedArray");

public:
    using value_type = T; ///< the type of an element
    /// Whether the capacity is part of the type.
    static constexpr bool HasFixedCapacity = N != std::dynamic_extent;
    /// The maximum size in bytes of an element that readElement() returns: a larger one might exceed the caller's stack.
    static constexpr std::size_t MostBytesByValue = 1024 * 1024;

    /// A write transaction with typed elements. It starts as a copy of the newest revision.
    ///
    /// The destructor publishes it, unless it is discarded or an exception unwinds the stack. It stays in its thread
    /// and has to end before its segment is closed. Not thread-safe.
    class Writer
    {
    public:
        /// Makes an empty writer, which tests as false.
        Writer() = default;
        /// Takes over the transaction that SharedSegment::beginWrite() returned.
        explicit Writer(SharedWriter writer)
            : m_writer(std::move(writer))
        {
        }

        /// Returns whether there is a transaction.
        explicit operator bool() const { return bool(m_writer); }
        /// Returns the first of size() elements; null without a transaction, and may be null without elements.
        T *data() const { return reinterpret_cast<T *>(m_writer.bytes().data()); }
        /// Returns the number of elements of the revision; 0 without a transaction.
        qsizetype size() const { return static_cast<qsizetype>(m_writer.bytes().size() / sizeof(T)); }
        /// Returns the elements; an empty span without a transaction.
        std::span<T> span() const { return {data(), static_cast<std::size_t>(size())}; }
        /// Returns the begin of the elements, for range-based `for`.
        T *begin() const { return data(); }
        /// Returns the end of the elements, for range-based `for`.
        T *end() const { return data() + size(); }
        /// Returns the element at `index`, which has to be below size(); it is not checked.
        T &operator[](qsizetype index) const { return data()[index]; }

        /// Gives the revision `count` elements, for arrays of variable count: new ones are zero, and those behind the last one
        /// are left out. Pointers and spans from before are no longer valid.
        /// @returns whether it succeeded. See SharedWriter::resize().
        bool resize(qsizetype count) { return m_writer.resize(count); }

        /// Publishes the transaction now and becomes empty.
        /// @returns the revision's number, or nothing if nothing was published; see SharedWriter::publish().
        std::optional<quint64> publish() { return m_writer.publish(); }
        /// Discards the transaction and becomes empty; the newest revision is as before.
        void discard() { m_writer.discard(); }

    private:
        SharedWriter m_writer;
    };

    /// Makes a closed array. Its segment has the property `name`, the layout of T, and with N the capacity N.
    explicit SharedArray(const QString &name = QString())
        : m_segment(std::make_unique<SharedSegment>(name))
    {
        m_segment->setLayout(SharedLayout::of<T>());
        m_segment->expectArray(HasFixedCapacity);
        if constexpr (HasFixedCapacity)
            m_segment->setCapacity(static_cast<qint64>(N));
    }

    /// Returns the segment, for signals and properties. The array owns it. Never null.
    SharedSegment *segment() const { return m_segment.get(); }

    Q_DISABLE_COPY_MOVE(SharedArray)

    /// Creates the segment with `capacity` elements in each revision, zero at first, and becomes the owner of its name.
    /// @returns whether it succeeded. After a failure all is as before, except for error().
    ///
    /// Errors: as SharedSegment::create().
    bool create(qint64 capacity) requires(!HasFixedCapacity)
    {
        return m_segment->createArray(SharedSegment::Kind::FixedArray, SharedLayout::of<T>(), capacity);
    }
    /// Creates the segment as above, but each revision has as many elements as are published, at most `capacity`; the
    /// initial state has none.
    bool createWithCapacity(qint64 capacity) requires(!HasFixedCapacity)
    {
        return m_segment->createArray(SharedSegment::Kind::VariableArray, SharedLayout::of<T>(), capacity);
    }
    /// Creates the segment as above with N elements, or without N as many as the segment's property `capacity` says.
    bool create() { return m_segment->create(); }
    /// Opens the existing segment with `access`: an array of fixed or of variable count; with N, of fixed count.
    /// @returns whether it succeeded. After a failure all is as before, except for error().
    ///
    /// Errors: LayoutMismatch when the elements are not of type T, their number is not N, or the segment is no such array;
    /// otherwise as SharedSegment::open().
    bool open(SharedSegment::Access access = SharedSegment::Access::ReadOnly) { return m_segment->open(access); }
    /// Opens memory of another library from `offset` (in bytes) on: N elements, or without N as many as the segment's
    /// property `capacity` says; 0 stands for as many as fit.
    /// @returns whether it succeeded. After a failure all is as before, except for error().
    ///
    /// Errors: as SharedSegment::openExternal().
    bool openExternal(const QString &name, qint64 offset = 0,
                      SharedSegment::Access access = SharedSegment::Access::ReadOnly)
    {
        return m_segment->openExternal(name, SharedLayout::of<T>(), offset, access);
    }
    /// Opens the segment, or creates it with `capacity` elements if its name has no owner: for equal peers.
    /// @returns whether it succeeded. After a failure all is as before, except for error(). See
    /// SharedSegment::createOrOpen().
    bool createOrOpen(qint64 capacity) requires(!HasFixedCapacity)
    {
        return m_segment->createOrOpen(SharedLayout::of<T>(), capacity);
    }
    /// Opens or creates the segment as above with N elements, or without N as many as the segment's property `capacity` says.
    bool createOrOpen() { return m_segment->createOrOpen(); }
    /// Waits until the segment is open, or `deadline` passes. @returns whether it is open. See
    /// SharedSegment::waitForOpened().
    bool waitForOpened(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_segment->waitForOpened(deadline);
    }
    /// Waits until the newest revision is another one than `since`, or `deadline` passes. Thread-safe.
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

    /// Returns the capacity: the most elements of a revision. Thread-safe. See the property `capacity` of SharedSegment.
    qsizetype capacity() const { return static_cast<qsizetype>(m_segment->capacity()); }
    /// Returns the number of the newest revision; 0 is the initial state. Thread-safe.
    quint64 revision() const { return m_segment->revision(); }

    /// Returns all elements of the newest revision and stores its number, times and count in `revision`, if given.
    ///
    /// Thread-safe; in other threads a failure leaves error() unchanged.
    /// @returns an empty list on failure.
    ///
    /// Errors: as SharedSegment::snapshot().
    QList<T> snapshot(SharedRevision *revision = nullptr) const
    {
        QList<T> values;
        qint64 bytes = 0;
        const auto allocate = [](void *list, qint64 size) {
            QList<T> &space = *static_cast<QList<T> *>(list);
            space = sharedsegment::listForOverwriting<T>(static_cast<qsizetype>(size / qint64(sizeof(T))));
            return std::as_writable_bytes(std::span(space.data(), static_cast<std::size_t>(space.size())));
        };
        if (!m_segment->readAll(allocate, &values, &bytes, revision))
            return QList<T>();
        values.resize(static_cast<qsizetype>(bytes / qint64(sizeof(T))));
        return values;
    }

    /// Copies the first elements of the newest revision, as many as `destination` has, and stores the revision's number,
    /// times and count in `revision`, if given. Where the revision has fewer, the rest stays as it is.
    ///
    /// Thread-safe; in other threads a failure leaves error() unchanged.
    /// @returns the revision's number, or nothing on failure; then the content of `destination` is undefined.
    ///
    /// Errors: as SharedSegment::read().
    std::optional<quint64> read(std::span<T> destination, SharedRevision *revision = nullptr) const
    {
        return m_segment->read(std::as_writable_bytes(destination), 0, revision);
    }

    /// Returns the element at `index` of the newest revision. Does not compile for a T of more than 1 MiB.
    ///
    /// Thread-safe; in other threads a failure leaves error() unchanged.
    /// @returns T{} on failure.
    ///
    /// Errors: InvalidSize when there is no such element; otherwise as SharedSegment::read().
    T readElement(qsizetype index) const
    {
        static_assert(
            sizeof(T) <= MostBytesByValue,
            "SharedSegment: the element is too large to be returned by readElement(); use snapshot() or read()");
        T value{};
        // In place: a second T might exceed the stack.
        if (!m_segment->readElement(std::as_writable_bytes(std::span(&value, 1)), index))
            ::new (static_cast<void *>(&value)) T{};
        return value;
    }

    /// Begins a write transaction. Waits for other writers at most SharedSegment::defaultWait().
    /// @returns the transaction; it tests as false on failure.
    ///
    /// Errors: as SharedSegment::beginWrite().
    Writer beginWrite() { return Writer(m_segment->beginWrite()); }
    /// Begins a write transaction as above, and waits for other writers until `deadline`.
    Writer beginWrite(QDeadlineTimer deadline) { return Writer(m_segment->beginWrite(deadline)); }

    /// Publishes `values` as the next revision: exactly capacity() of them, or for an array of variable count at most as
    /// many. Does not copy the newest revision first. Waits for other writers at most SharedSegment::defaultWait().
    /// @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: as SharedSegment::publish().
    bool publish(std::span<const T> values) { return m_segment->publish(std::as_bytes(values)); }
    /// Publishes `values` as above, and waits for other writers until `deadline`, such as `50ms`.
    bool publish(std::span<const T> values, QDeadlineTimer deadline)
    {
        return m_segment->publish(std::as_bytes(values), deadline);
    }

    /// Returns the elements in the memory itself, unsynchronised and valid until close(); only with one buffer, or for
    /// external memory. @returns an empty span otherwise. See SharedSegment::live().
    std::span<T> live() const
    {
        const std::span<std::byte> bytes = m_segment->live();
        return {reinterpret_cast<T *>(bytes.data()), bytes.size() / sizeof(T)};
    }

private:
    std::unique_ptr<SharedSegment> m_segment;
};
