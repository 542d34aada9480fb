// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "recordfile.h"

#include "fd_posix.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr off_t OwnerByte = 0;
constexpr off_t SweeperByte = 1;
constexpr std::chrono::milliseconds CreateWait{2000};

struct flock lockOf(short type, off_t offset)
{
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = offset;
    lock.l_len = 1;
    return lock;
}

bool setLock(Handle::Native native, short type, off_t offset)
{
    struct flock lock = lockOf(type, offset);
    return retrying([&] { return ::fcntl(descriptorOf(native), F_OFD_SETLK, &lock); }) == 0;
}

bool isLocked(Handle::Native native, off_t offset)
{
    struct flock lock = lockOf(F_WRLCK, offset);
    if (::fcntl(descriptorOf(native), F_OFD_GETLK, &lock) == -1)
        return true; // Not known: whoever asks must not take it for dead.
    return lock.l_type != F_UNLCK;
}

} // namespace

Result<RecordFile> RecordFile::create(const Folder &folder, const std::string &temporaryName, std::size_t size)
{
    const std::string path = folder.pathOf(temporaryName);
    Handle handle(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!handle.isValid())
        return systemError("making", path, errno);
    RecordFile file(std::move(handle), folder.path(), temporaryName);
    // Until it is locked, a sweeper may take it for a dead one's.
    if (Status kept = file.lockForSweep(CreateWait); !kept) {
        file.remove();
        return kept.error();
    }
    if (!setLock(file.m_handle.native(), F_WRLCK, OwnerByte)) {
        Error error = systemError("locking", path, errno);
        file.remove();
        return error;
    }
    setLock(file.m_handle.native(), F_UNLCK, SweeperByte);
    if (const int number = ::posix_fallocate(descriptorOf(file.m_handle.native()), 0, static_cast<off_t>(size))) {
        file.remove();
        return systemError("reserving a record in", folder.path(), number);
    }
    return file;
}

Result<RecordFile> RecordFile::open(const Folder &folder, const std::string &name)
{
    const std::string path = folder.pathOf(name);
    // Not blocking, and no link: the place of a record may hold anything.
    Handle handle(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!handle.isValid())
        return systemError("opening", path, errno);
    return RecordFile(std::move(handle), folder.path(), name);
}

Status RecordFile::publish(const std::string &name)
{
    const std::string to = m_folder + '/' + name;
    int done = ::renameat2(AT_FDCWD, path().c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
    if (done == -1 && (errno == EINVAL || errno == ENOSYS)) {
        // A file system without that flag: a second link is as exclusive, and a kill in between leaves a locked or stale pair.
        done = ::link(path().c_str(), to.c_str());
        if (done == 0)
            ::unlink(path().c_str());
    }
    if (done == -1)
        return systemError("publishing", to, errno);
    m_name = name;
    return {};
}

std::size_t RecordFile::read(std::span<std::byte> bytes) const
{
    const ssize_t count =
        retrying([&] { return ::pread(descriptorOf(m_handle.native()), bytes.data(), bytes.size(), 0); });
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

bool RecordFile::isOwned() const
{
    return isLocked(m_handle.native(), OwnerByte);
}

Result<Mapping> RecordFile::map(std::size_t size) const
{
    // By name and not through /proc/self/fd, which is not there everywhere: then whether it is the same file is checked.
    const Handle again(::open(path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!again.isValid())
        return systemError("opening", path(), errno);
    struct stat own;
    struct stat other;
    if (::fstat(descriptorOf(m_handle.native()), &own) == -1
        || ::fstat(descriptorOf(again.native()), &other) == -1)
        return systemError("examining", path(), errno);
    if (own.st_ino != other.st_ino || own.st_dev != other.st_dev)
        return Error{ErrorCode::NotFound, "the record \"" + path() + "\" was replaced meanwhile"};
    if (!S_ISREG(other.st_mode) || static_cast<std::uint64_t>(other.st_size) != size)
        return Error{ErrorCode::Corrupt, "the record \"" + path() + "\" has " + std::to_string(other.st_size)
                                             + " bytes instead of " + std::to_string(size)};
    return mapDescriptor(again.native(), size, Access::ReadWrite, path().c_str());
}

bool RecordFile::isInPlace() const
{
    struct stat own;
    struct stat named;
    return ::fstat(descriptorOf(m_handle.native()), &own) == 0 && ::lstat(path().c_str(), &named) == 0
        && own.st_ino == named.st_ino && own.st_dev == named.st_dev;
}

Status RecordFile::lockForSweep(std::chrono::milliseconds wait)
{
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while (!setLock(m_handle.native(), F_WRLCK, SweeperByte)) {
        if (errno != EAGAIN && errno != EACCES)
            return systemError("locking", path(), errno);
        if (std::chrono::steady_clock::now() >= deadline)
            return Error{ErrorCode::Busy, "another process does not end sweeping \"" + path() + "\""};
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return {};
}

bool RecordFile::tryLockByte(std::uint64_t offset)
{
    return setLock(m_handle.native(), F_WRLCK, static_cast<off_t>(offset));
}

bool RecordFile::isByteLocked(std::uint64_t offset) const
{
    return isLocked(m_handle.native(), static_cast<off_t>(offset));
}

void RecordFile::remove()
{
    ::unlink(path().c_str());
}

void RecordFile::close()
{
    if (m_handle.isValid())
        setLock(m_handle.native(), F_UNLCK, OwnerByte);
    m_handle.reset();
}

} // namespace sharedsegment::os
