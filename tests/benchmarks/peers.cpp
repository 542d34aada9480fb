// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "peers.h"

#include <QtCore/QCoreApplication>

#include <boost/interprocess/shared_memory_object.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bip = boost::interprocess;

SharedSegmentPeer::SharedSegmentPeer(const QString &name, std::size_t size)
    : m_array(name)
    , m_size(size)
{
}

SharedSegmentPeer::~SharedSegmentPeer()
{
    m_array.close();
    // What an event loop would do on its next turn.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCoreApplication::sendPostedEvents();
}

bool SharedSegmentPeer::create()
{
    return m_array.create(static_cast<qint64>(m_size / sizeof(double)));
}

bool SharedSegmentPeer::open()
{
    return m_array.open();
}

SharedSegmentPosixPeer::SharedSegmentPosixPeer(const QString &name, std::size_t size)
    : SharedSegmentPeer(name, size)
{
    array().segment()->setBackend(SharedSegment::Backend::Posix);
}

QSharedMemoryPeer::QSharedMemoryPeer(const QString &name, std::size_t size)
    : m_memory(name)
    , m_size(size)
{
}

bool QSharedMemoryPeer::create()
{
    return m_memory.create(static_cast<qsizetype>(m_size));
}

bool QSharedMemoryPeer::open()
{
    return m_memory.attach(QSharedMemory::ReadOnly);
}

BoostObject::BoostObject(const QString &name, std::size_t size)
    : m_name(name.toStdString())
    , m_size(size)
{
}

BoostObject::~BoostObject()
{
    if (m_isOwner)
        bip::shared_memory_object::remove(m_name.c_str());
}

bool BoostPeer::create()
{
    try {
        bip::shared_memory_object object(bip::create_only, m_name.c_str(), bip::read_write);
        m_isOwner = true;
        object.truncate(static_cast<bip::offset_t>(m_size));
        m_region = bip::mapped_region(object, bip::read_write);
        return true;
    } catch (const bip::interprocess_exception &) {
        return false;
    }
}

bool BoostPeer::open()
{
    try {
        const bip::shared_memory_object object(bip::open_only, m_name.c_str(), bip::read_only);
        m_region = bip::mapped_region(object, bip::read_only);
        return true;
    } catch (const bip::interprocess_exception &) {
        return false;
    }
}

bool BoostManagedPeer::create()
{
    // Its administration data come on top, and an array has to be made in there.
    constexpr std::size_t Books = 1024;
    try {
        m_memory = bip::managed_shared_memory(bip::create_only, m_name.c_str(), m_size + Books);
        m_isOwner = true;
        return m_memory.construct<char>("values")[m_size](char(0)) != nullptr;
    } catch (const bip::interprocess_exception &) {
        return false;
    }
}

bool BoostManagedPeer::open()
{
    try {
        m_memory = bip::managed_shared_memory(bip::open_only, m_name.c_str());
        return m_memory.find<char>("values").first != nullptr;
    } catch (const bip::interprocess_exception &) {
        return false;
    }
}

RawMapping::~RawMapping()
{
    if (m_data)
        ::munmap(m_data, m_size);
}

bool RawMapping::map(int descriptor, std::size_t size, bool writable)
{
    const int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    void *const address = ::mmap(nullptr, size, protection, MAP_SHARED, descriptor, 0);
    if (address == MAP_FAILED)
        return false;
    m_data = static_cast<std::byte *>(address);
    m_size = size;
    return true;
}

ShmOpenPeer::ShmOpenPeer(const QString &name, std::size_t size)
    : m_name('/' + name.toStdString())
    , m_size(size)
{
}

ShmOpenPeer::~ShmOpenPeer()
{
    if (m_isOwner)
        ::shm_unlink(m_name.c_str());
}

bool ShmOpenPeer::create()
{
    const int descriptor = ::shm_open(m_name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor == -1)
        return false;
    m_isOwner = true;
    const bool done = ::ftruncate(descriptor, static_cast<off_t>(m_size)) == 0
                   && m_mapping.map(descriptor, m_size, true);
    ::close(descriptor);
    return done;
}

bool ShmOpenPeer::open()
{
    return openAs(O_RDONLY, false);
}

bool ShmOpenPeer::openForWriting()
{
    return openAs(O_RDWR, true);
}

bool ShmOpenPeer::openAs(int flag, bool writable)
{
    const int descriptor = ::shm_open(m_name.c_str(), flag | O_CLOEXEC, 0);
    if (descriptor == -1)
        return false;
    struct stat info;
    const bool done = ::fstat(descriptor, &info) == 0
                   && m_mapping.map(descriptor, static_cast<std::size_t>(info.st_size), writable);
    ::close(descriptor);
    return done;
}

MemfdPeer::MemfdPeer(const QString &name, std::size_t size)
    : m_name(name.toStdString())
    , m_size(size)
{
}

MemfdPeer::~MemfdPeer()
{
    if (m_descriptor != -1)
        ::close(m_descriptor);
}

bool MemfdPeer::create()
{
    m_descriptor = ::memfd_create("benchmark", MFD_CLOEXEC);
    return m_descriptor != -1 && ::ftruncate(m_descriptor, static_cast<off_t>(m_size)) == 0
        && m_mapping.map(m_descriptor, m_size, true);
}

bool MemfdPeer::open()
{
    const int descriptor = ::open(m_name.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor == -1)
        return false;
    struct stat info;
    const bool done = ::fstat(descriptor, &info) == 0
                   && m_mapping.map(descriptor, static_cast<std::size_t>(info.st_size), false);
    ::close(descriptor);
    return done;
}
