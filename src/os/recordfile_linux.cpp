// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "recordfile.h"

#include "fd_posix.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr off_t OwnerByte = 0;
constexpr off_t SweeperByte = 1;
constexpr std::chrono::milliseconds CreateWait{2000};

struct flock lockOf(short type, off_t offset, off_t length = 1)
{
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = offset;
    lock.l_len = length;
    return lock;
}

bool setLock(Handle::Native native, short type, off_t offset, off_t length = 1)
{
    struct flock lock = lockOf(type, offset, length);
    return retrying([&] { return ::fcntl(descriptorOf(native), F_OFD_SETLK, &lock); }) == 0;
}

bool isLocked(Handle::Native native, off_t offset)
{
    struct flock lock = lockOf(F_WRLCK, offset);
    if (::fcntl(descriptorOf(native), F_OFD_GETLK, &lock) == -1)
        return true; // Not known: whoever asks must not take it for dead.
    return lock.l_type != F_UNLCK;
}

std::size_t readAt(Handle::Native native, std::span<std::byte> bytes, std::size_t offset)
{
    const ssize_t count =
        retrying([&] { return ::pread(descriptorOf(native), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

} // namespace

Result<RecordFile> RecordFile::create(const Folder &folder, const std::string &instanceHex)
{
    const std::string name = temporaryName(instanceHex);
    const std::string path = folder.pathOf(name);
    Handle handle = opened(
        [&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR); });
    if (!handle.isValid())
        return systemError("making", path, errno);
    RecordFile file(std::move(handle), folder.path(), name);
    file.setInstance(instanceHex);
    // With the sweepers' byte: until the file is locked, one of them may have taken it for a dead one's and be about to remove it.
    if (Status locked = file.lockWithin(CreateWait, OwnerByte, 2); !locked) {
        file.remove();
        return locked.error();
    }
    setLock(file.m_handle.native(), F_UNLCK, SweeperByte);
    return file;
}

Status RecordFile::write(std::span<const std::byte> content)
{
    // Written and not only made longer: a page without memory behind it would be a SIGBUS when the folder's file system is full.
    const ssize_t count =
        retrying([&] { return ::pwrite(descriptorOf(m_handle.native()), content.data(), content.size(), 0); });
    if (count == -1)
        return systemError("writing a record in", m_folder, errno);
    if (static_cast<std::size_t>(count) != content.size())
        return systemError("writing a record in", m_folder, ENOSPC);
    return {};
}

Result<RecordFile> RecordFile::open(const Folder &folder, const std::string &name)
{
    const std::string path = folder.pathOf(name);
    // Not blocking, and no link: the place of a record may hold anything.
    Handle handle = opened([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); });
    if (!handle.isValid()) {
        const int number = errno;
        // Every creation comes by here, and nobody reads what it says.
        return number == ENOENT ? Error{ErrorCode::NotFound, "no such record", number}
                                : systemError("opening", path, number);
    }
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
    return readAt(m_handle.native(), bytes, 0);
}

std::size_t RecordFile::readHints(std::span<std::byte> bytes, std::size_t offset) const
{
    return readAt(m_handle.native(), bytes, offset);
}

bool RecordFile::isOwned() const
{
    return isLocked(m_handle.native(), OwnerByte);
}

bool RecordFile::isOpenIn(std::uint64_t pid) const
{
    struct stat own;
    if (::fstat(descriptorOf(m_handle.native()), &own) == -1)
        return false;
    const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
    const std::unique_ptr<DIR, int (*)(DIR *)> descriptors(::opendir(folder.c_str()), &::closedir);
    if (!descriptors)
        return false;
    while (const dirent *entry = ::readdir(descriptors.get())) {
        struct stat theirs;
        if (::fstatat(::dirfd(descriptors.get()), entry->d_name, &theirs, 0) == 0 && theirs.st_ino == own.st_ino
            && theirs.st_dev == own.st_dev)
            return true;
    }
    return false;
}

Result<Mapping> RecordFile::map(std::size_t size) const
{
    if (!m_hasLocked) {
        struct stat info;
        if (::fstat(descriptorOf(m_handle.native()), &info) == -1)
            return systemError("examining", path(), errno);
        if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) != size)
            return Error{ErrorCode::Corrupt, "the record \"" + path() + "\" has " + std::to_string(info.st_size)
                                                 + " bytes instead of " + std::to_string(size)};
        return mapDescriptor(m_handle.native(), size, Access::ReadWrite, "a record");
    }
    // By name and not through /proc/self/fd, which is not there everywhere. The name leads to this file or, after a sweep, to none:
    // no other is ever given it.
    const Handle again = opened([&] { return ::open(path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); });
    if (!again.isValid())
        return systemError("opening", path(), errno);
    return mapDescriptor(again.native(), size, Access::ReadWrite, "a record");
}

bool RecordFile::isInPlace() const
{
    struct stat own;
    struct stat named;
    return ::fstat(descriptorOf(m_handle.native()), &own) == 0 && ::lstat(path().c_str(), &named) == 0
        && own.st_ino == named.st_ino && own.st_dev == named.st_dev;
}

Status RecordFile::lockWithin(std::chrono::milliseconds wait, std::uint64_t offset, std::uint64_t length)
{
    m_hasLocked = true;
    std::optional<std::chrono::steady_clock::time_point> deadline;
    while (!setLock(m_handle.native(), F_WRLCK, static_cast<off_t>(offset), static_cast<off_t>(length))) {
        if (errno != EAGAIN && errno != EACCES)
            return systemError("locking", path(), errno);
        const auto now = std::chrono::steady_clock::now();
        if (!deadline)
            deadline = now + wait;
        if (now >= *deadline)
            return Error{ErrorCode::Busy, "another process does not end sweeping \"" + path() + "\""};
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return {};
}

Status RecordFile::lockForSweep(std::chrono::milliseconds wait)
{
    return lockWithin(wait, SweeperByte, 1);
}

bool RecordFile::tryLockByte(std::uint64_t offset)
{
    m_hasLocked = true;
    return setLock(m_handle.native(), F_WRLCK, static_cast<off_t>(offset));
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
