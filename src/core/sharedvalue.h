// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedarray.h"

/// One value of type T that processes share. Owns its SharedSegment; threads as with SharedArray.
template<typename T>
class SharedValue
{
public:
    /// The next revision while it is being written; see SharedArray::Writer.
    class Writer
    {
    public:
        /// With nothing to write to.
        Writer() = default;
        /// Of what write() of an array gave.
        explicit Writer(typename SharedArray<T, 1>::Writer writer)
            : m_writer(std::move(writer))
        {
        }

        /// Whether there is something to write to.
        explicit operator bool() const { return bool(m_writer); }
        /// @{
        /// The value; only if it tests as true.
        T *operator->() const { return m_writer.data(); }
        T &operator*() const { return *m_writer.data(); }
        /// @}

        /// Publishes now. @returns the revision, or nothing if there was nothing to publish.
        std::optional<quint64> publish() { return m_writer.publish(); }
        /// Publishes nothing: the newest revision stays what it was.
        void discard() { m_writer.discard(); }

    private:
        typename SharedArray<T, 1>::Writer m_writer;
    };

    /// Closed; its segment has the layout of T, and the length 1.
    explicit SharedValue(const QString &name = QString())
        : m_array(name)
    {
    }

    /// For signals and properties. Never null.
    SharedSegment *segment() const { return m_array.segment(); }

    /// Creates the segment and owns its name. Zero-filled, revision 0. @returns false on failure, with everything as before.
    bool create() { return m_array.create(); }
    /// Opens what exists. @returns false on failure, with everything as before; LayoutMismatch: it is not one T.
    bool open(SharedSegment::Access access = SharedSegment::Access::ReadOnly) { return m_array.open(access); }
    /// Opens memory of another library; see SharedSegment::openForeign().
    bool openForeign(const QString &name, qint64 offset = 0,
                     SharedSegment::Access access = SharedSegment::Access::ReadOnly)
    {
        return m_array.openForeign(name, offset, access);
    }
    /// For equal peers: see SharedSegment::createOrOpen().
    bool createOrOpen() { return m_array.createOrOpen(); }
    /// @{
    /// As the segment has it.
    bool waitForOpened(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_array.waitForOpened(deadline);
    }
    bool waitForUpdated(quint64 since, QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever))
    {
        return m_array.waitForUpdated(since, deadline);
    }
    void close() { m_array.close(); }
    bool isOpen() const { return m_array.isOpen(); }
    SharedSegment::Error error() const { return m_array.error(); }
    QString errorString() const { return m_array.errorString(); }
    quint64 revision() const { return m_array.revision(); }
    /// @}

    /// The newest revision; T{} on failure. It is made on the stack of who calls: not for a T of more than 1 MiB, which read() takes.
    T get(SharedStamp *stamp = nullptr) const
    {
        static_assert(sizeof(T) <= SharedArray<T, 1>::MostBytesByValue,
                      "SharedSegment: the value is too large to be returned by get(); use read(T &)");
        T value{};
        // In place: another T beside it may be more than the stack has left.
        if (!read(value, stamp))
            ::new (static_cast<void *>(&value)) T{};
        return value;
    }

    /// Copies the newest revision into `value`. @returns its number, or nothing on failure; `value` then holds no value.
    std::optional<quint64> read(T &value, SharedStamp *stamp = nullptr) const
    {
        return m_array.read(std::span<T>(std::addressof(value), 1), stamp);
    }

    /// Publishes `value` as the next revision.
    bool set(const T &value, std::chrono::milliseconds wait = SharedSegment::defaultWait())
    {
        return m_array.write(std::span<const T>(std::addressof(value), 1), wait);
    }

    /// Starts the next revision. Waits for other writers at most `wait`; tests as false on failure.
    Writer write(std::chrono::milliseconds wait = SharedSegment::defaultWait()) { return Writer(m_array.write(wait)); }

    /// One frame only: the memory itself, unsynchronised, valid until close(). Null else.
    T *live() const { return m_array.live().data(); }

private:
    SharedArray<T, 1> m_array;
};
