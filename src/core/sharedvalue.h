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
        Writer() = default;
        explicit Writer(typename SharedArray<T, 1>::Writer writer)
            : m_writer(std::move(writer))
        {
        }

        explicit operator bool() const { return bool(m_writer); }
        /// Only if it tests as true.
        T *operator->() const { return m_writer.data(); }
        T &operator*() const { return *m_writer.data(); }

        std::optional<quint64> publish() { return m_writer.publish(); }
        void discard() { m_writer.discard(); }

    private:
        typename SharedArray<T, 1>::Writer m_writer;
    };

    explicit SharedValue(const QString &name = QString())
        : m_array(name)
    {
    }

    /// For signals and properties. Never null.
    SharedSegment *segment() const { return m_array.segment(); }

    bool create() { return m_array.create(); }
    bool open(SharedSegment::Access access = SharedSegment::Access::ReadOnly) { return m_array.open(access); }
    /// Opens memory of another library; see SharedSegment::openForeign().
    bool openForeign(const QString &name, qint64 offset = 0,
                     SharedSegment::Access access = SharedSegment::Access::ReadOnly)
    {
        return m_array.openForeign(name, offset, access);
    }
    void close() { m_array.close(); }
    bool isOpen() const { return m_array.isOpen(); }
    SharedSegment::Error error() const { return m_array.error(); }
    QString errorString() const { return m_array.errorString(); }
    quint64 revision() const { return m_array.revision(); }

    /// The newest revision; T{} on failure.
    T get(SharedStamp *stamp = nullptr) const
    {
        T value{};
        return m_array.read(std::span(&value, 1), stamp) ? value : T{};
    }

    /// Publishes `value` as the next revision.
    bool set(const T &value, std::chrono::milliseconds wait = SharedSegment::DefaultWait)
    {
        return m_array.write(std::span(&value, 1), wait);
    }

    Writer write(std::chrono::milliseconds wait = SharedSegment::DefaultWait) { return Writer(m_array.write(wait)); }

    /// One frame only: the memory itself, unsynchronised, valid until close(). Null else.
    T *live() const { return m_array.live().data(); }

private:
    SharedArray<T, 1> m_array;
};
