// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Record locks for systems with open-file-description locks, which can lock single bytes (Linux: fcntl_locking(2)).

#include "fd_posix.h"
#include "recordfile.h"
#include "recordlock.h"
#include "system.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr off_t OwnerByte = 0;
constexpr off_t SweeperByte = 1;

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
    return retryOnEintr([&] { return ::fcntl(descriptorOf(native), F_OFD_SETLK, &lock); }) == 0;
}

Status lockBytes(Handle::Native native, std::chrono::milliseconds wait, const std::string &path, off_t offset,
                 off_t length)
{
    const auto tryLock = [&]() -> std::optional<Status> {
        if (setLock(native, F_WRLCK, offset, length))
            return Status();
        if (errno == EAGAIN || errno == EACCES)
            return std::nullopt;
        return systemError("locking", path, errno);
    };
    return lockWithin(wait, path, tryLock, [&] { return lockHolder(native, SweeperByte); });
}

} // namespace

bool renameNoReplace(const std::string &from, const std::string &to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return true;
    // The kernel or the file system lacks the call, or a sandbox rejects it.
    return (errno == EINVAL || errno == ENOSYS || errno == EPERM || errno == EOPNOTSUPP) && linkNew(from, to);
}

bool renameExchange(const std::string &from, const std::string &to)
{
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_EXCHANGE) == 0;
}

Status RecordFile::replaceWithoutExchange(RecordFile &old)
{
    return renameOver(old);
}

Status RecordFile::lockNew(std::chrono::milliseconds wait)
{
    m_hasLocked = true;
    // Takes the sweepers' byte, too: until the file is locked, a sweeper may have taken it for a dead owner's and be
    // about to remove it.
    Status locked = lockBytes(m_handle.native(), wait, m_path, OwnerByte, 2);
    if (locked)
        setLock(m_handle.native(), F_UNLCK, SweeperByte);
    return locked;
}

bool RecordFile::isOwned() const
{
    struct flock lock = lockOf(F_WRLCK, OwnerByte);
    if (::fcntl(descriptorOf(m_handle.native()), F_OFD_GETLK, &lock) == -1)
        return true; // Unknown: the caller must not assume that the owner is dead.
    return lock.l_type != F_UNLCK;
}

Status RecordFile::lockForSweep(std::chrono::milliseconds wait)
{
    m_hasLocked = true;
    return lockBytes(m_handle.native(), wait, m_path, SweeperByte, 1);
}

bool RecordFile::tryLockByte(std::uint64_t offset)
{
    m_hasLocked = true;
    return setLock(m_handle.native(), F_WRLCK, static_cast<off_t>(offset));
}

void RecordFile::close()
{
    if (m_handle.isValid())
        setLock(m_handle.native(), F_UNLCK, OwnerByte);
    m_handle.reset();
}

} // namespace sharedsegment::os
