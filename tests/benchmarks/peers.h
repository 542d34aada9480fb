// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedArray>

#include <QtCore/QSharedMemory>

#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <cstddef>

/// The compared peers: each takes a name and a size in bytes, then creates its memory or opens it for reading; the
/// destructor closes it. Each does no more than its user would have to write.

/// SharedArray with its default backend.
class SharedSegmentPeer
{
public:
    static constexpr const char *Name = "SharedSegment";
    SharedSegmentPeer(const QString &name, std::size_t size);
    ~SharedSegmentPeer();

    bool create();
    bool open();
    SharedArray<double> &array() { return m_array; }

private:
    SharedArray<double> m_array;
    std::size_t m_size;
};

/// SharedArray over POSIX memory.
class SharedSegmentPosixPeer : public SharedSegmentPeer
{
public:
    static constexpr const char *Name = "SharedSegment-posix";
    SharedSegmentPosixPeer(const QString &name, std::size_t size);
};

class QSharedMemoryPeer
{
public:
    static constexpr const char *Name = "QSharedMemory";
    QSharedMemoryPeer(const QString &name, std::size_t size);

    bool create();
    bool open();
    QSharedMemory &memory() { return m_memory; }

private:
    QSharedMemory m_memory;
    std::size_t m_size;
};

/// A name of Boost's, which its owner removes.
class BoostObject
{
public:
    BoostObject(const QString &name, std::size_t size);
    BoostObject(const BoostObject &) = delete;
    BoostObject &operator=(const BoostObject &) = delete;
    ~BoostObject();

protected:
    std::string m_name;
    std::size_t m_size;
    bool m_isOwner = false;
};

class BoostPeer : private BoostObject
{
public:
    static constexpr const char *Name = "Boost.Interprocess";
    using BoostObject::BoostObject;

    bool create();
    bool open();

private:
    boost::interprocess::mapped_region m_region;
};

/// A segment of Boost's that holds objects by name.
class BoostManagedPeer : private BoostObject
{
public:
    static constexpr const char *Name = "Boost managed";
    using BoostObject::BoostObject;

    bool create();
    bool open();

private:
    boost::interprocess::managed_shared_memory m_memory;
};

/// A mapping, and nothing that keeps it.
class RawMapping
{
public:
    RawMapping() = default;
    RawMapping(const RawMapping &) = delete;
    RawMapping &operator=(const RawMapping &) = delete;
    ~RawMapping();

    bool map(int descriptor, std::size_t size, bool writable);
    std::byte *data() const { return m_data; }

private:
    std::byte *m_data = nullptr;
    std::size_t m_size = 0;
};

/// shm_open, ftruncate and mmap.
class ShmOpenPeer
{
public:
    static constexpr const char *Name = "shm_open";
    ShmOpenPeer(const QString &name, std::size_t size);
    ~ShmOpenPeer();

    bool create();
    bool open();
    bool openForWriting();
    std::byte *data() const { return m_mapping.data(); }

private:
    bool openAs(int flag, bool writable);

    std::string m_name;
    std::size_t m_size;
    bool m_isOwner = false;
    RawMapping m_mapping;
};

/// memfd_create, ftruncate and mmap. Its name, for open(), is its path in /proc.
class MemfdPeer
{
public:
    static constexpr const char *Name = "memfd";
    MemfdPeer(const QString &name, std::size_t size);
    ~MemfdPeer();

    bool create();
    bool open();
    int descriptor() const { return m_descriptor; }

private:
    std::string m_name;
    std::size_t m_size;
    int m_descriptor = -1;
    RawMapping m_mapping;
};
