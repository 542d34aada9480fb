// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedarray.h"

/// A shared value of type T. Owns a SharedSegment.
///
/// Functions are not thread-safe unless their text says so: an object belongs to the thread that it was made in. On failure
/// error() and errorString() give the cause; see SharedSegment for all errors.
template<typename T>
class SharedValue
{
public:
    /// A write transaction with a typed value. It starts as a copy of the newest revision.
    ///
    /// The destructor publishes it, unless it is discarded or an exception unwinds the stack. It stays in its thread
    /// and has to end before its segment is closed. Not thread-safe.
    class Writer
    {
    public:
        /// Makes an empty writer, which tests as false.
        Writer() = default;
        /// Takes over the transaction that SharedArray::beginWrite() returned.
        explicit Writer(typename SharedArray<T, 1>::Writer writer)
            : m_writer(std::move(writer))
        {
        }

        /// Returns whether there is a transaction.
        explicit operator bool() const { return bool(m_writer); }
        /// Gives access to the members of the value. The writer has to test as true.
        T *operator->() const { return m_writer.data(); }
        /// Returns the value. The writer has to test as true.
        T &operator*() const { return *m_writer.data(); }

        /// Publishes the transaction now and becomes empty.
        /// @returns the revision's number, or nothing if nothing was published; see SharedWriter::publish().
        std::optional<quint64> publish() { return m_writer.publish(); }
        /// Discards the transaction and becomes empty; the newest revision is as before.
        void discard() { m_writer.discard(); }

    private:
        typename SharedArray<T, 1>::Writer m_writer;
    };

    /// Makes a closed value. Its segment has the property `name`, the layout of T, and the capacity 1.
    explicit SharedValue(const QString &name = QString())
        : m_array(name)
    {
    }

    /// Returns the segment, for signals and properties. The value owns it. Never null.
    SharedSegment *segment() const { return m_array.segment(); }

    /// Creates the segment, filled with zeros, and becomes the owner of its name.
    /// @returns whether it succeeded. After a failure all is as before, except for error().
    ///
    /// Errors: as SharedSegment::create().
    bool create() { return m_array.create(); }
    /// Opens the existing segment with `access`.
    /// @returns whether it succeeded. After a failure all is as before, except for error().
    ///
    /// Errors: LayoutMismatch when the segment is not one T; otherwise as SharedSegment::open().
    bool open(SharedSegment::Access access = SharedSegment::Access::ReadOnly) { return m_array.open(access); }
    /// Opens memory of another library; the value lies at `offset`, in bytes.
    /// @returns whether it succeeded. After a failure all is as before, except for error().
    ///
    /// Errors: as SharedSegment::openExternal().
    bool openExternal(const QString &name, qint64 offset = 0,
                      SharedSegment::Access access = SharedSegment::Access::ReadOnly)
    {
        return m_array.openExternal(name, offset, access);
    }
    /// Opens the segment, or creates it if its name has no owner: for equal peers.
    /// @returns whether it succeeded. After a failure all is as before, except for error(). See
    /// SharedSegment::createOrOpen().
    bool createOrOpen() { return m_array.createOrOpen(); }
    /// Waits until the segment is open, or `deadline` passes. @returns whether it is open. See
    /// SharedSegment::waitForOpened().
    bool waitForOpened(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_array.waitForOpened(deadline);
    }
    /// Waits until the newest revision is another one than `since`, or `deadline` passes. Thread-safe.
    /// @returns whether it is another one. See SharedSegment::waitForUpdated().
    bool waitForUpdated(quint64 since, QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_array.waitForUpdated(since, deadline);
    }
    /// Closes the segment. The name of an owner is free at once.
    void close() { m_array.close(); }
    /// Returns whether there is something to read. See SharedSegment::isOpen().
    bool isOpen() const { return m_array.isOpen(); }
    /// Returns the code of the last failure. See the property `error` of SharedSegment.
    SharedSegment::Error error() const { return m_array.error(); }
    /// Returns the text of the last failure. See the property `errorString` of SharedSegment.
    QString errorString() const { return m_array.errorString(); }
    /// Returns the number of the newest revision; 0 is the zero-filled initial state. Thread-safe.
    quint64 revision() const { return m_array.revision(); }

    /// Returns the value of the newest revision and stores the revision's number, times and count in `revision`, if
    /// given.
    ///
    /// The result is on the caller's stack, so that it does not compile for a T of more than 1 MiB; use read() then.
    /// Thread-safe; in other threads a failure leaves error() unchanged.
    /// @returns T{} on failure.
    ///
    /// Errors: as SharedSegment::read().
    T get(SharedRevision *revision = nullptr) const
    {
        static_assert(sizeof(T) <= SharedArray<T, 1>::MostBytesByValue,
                      "SharedSegment: the value is too large to be returned by get(); use read(T &)");
        T value{};
        // In place: a second T might exceed the stack.
        if (!read(value, revision))
            ::new (static_cast<void *>(&value)) T{};
        return value;
    }

    /// Copies the newest revision into `value` and stores the revision's number, times and count in `revision`, if
    /// given.
    ///
    /// Thread-safe; in other threads a failure leaves error() unchanged.
    /// @returns the revision's number, or nothing on failure; then the content of `value` is undefined.
    ///
    /// Errors: as SharedSegment::read().
    std::optional<quint64> read(T &value, SharedRevision *revision = nullptr) const
    {
        return m_array.read(std::span<T>(std::addressof(value), 1), revision);
    }

    /// Publishes `value` as the next revision. Waits for other writers at most SharedSegment::defaultWait().
    /// @returns whether it succeeded. After a failure the newest revision is as before.
    ///
    /// Errors: as SharedSegment::publish().
    bool set(const T &value) { return m_array.publish(std::span<const T>(std::addressof(value), 1)); }
    /// Publishes `value` as above, and waits for other writers until `deadline`, such as `50ms`.
    bool set(const T &value, QDeadlineTimer deadline)
    {
        return m_array.publish(std::span<const T>(std::addressof(value), 1), deadline);
    }

    /// Begins a write transaction. Waits for other writers at most SharedSegment::defaultWait().
    /// @returns the transaction; it tests as false on failure.
    ///
    /// Errors: as SharedSegment::beginWrite().
    Writer beginWrite() { return Writer(m_array.beginWrite()); }
    /// Begins a write transaction as above, and waits for other writers until `deadline`.
    Writer beginWrite(QDeadlineTimer deadline) { return Writer(m_array.beginWrite(deadline)); }

    /// Returns the value in the memory itself, unsynchronised and valid until close(); only with one buffer, or for
    /// external memory. @returns null otherwise. See SharedSegment::live().
    T *live() const { return m_array.live().data(); }

private:
    SharedArray<T, 1> m_array;
};
