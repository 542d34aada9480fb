// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The locks of a record where a file can only be locked as a whole (flock(2)): the owner has that of the record, and whoever sweeps, makes a
// record or claims a place in one has that of another file, of which each folder has one.

#include "fd_posix.h"
#include "recordfile.h"
#include "recordlock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

std::optional<Status> tryLock(const Handle &handle, const std::string &path)
{
    if (retrying([&] { return ::flock(descriptorOf(handle.native()), LOCK_EX | LOCK_NB); }) == 0)
        return Status();
    if (errno == EWOULDBLOCK)
        return std::nullopt;
    return systemError("locking", path, errno);
}

/// The folder's lock, for as long as the handle lives.
Result<Handle> lockFolder(const std::string &folder, std::chrono::milliseconds wait)
{
    const std::string path = folder + "/.lock";
    Handle handle =
        opened([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR); });
    if (!handle.isValid() && errno == EACCES) {
        // Made a moment ago, or by one that was killed before the next step.
        ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
        handle = opened([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW); });
    }
    if (!handle.isValid())
        return systemError("opening", path, errno);
    // The umask of who made it may have taken away what others need.
    struct stat info;
    if (::fstat(descriptorOf(handle.native()), &info) == 0 && (info.st_mode & 0777) != (S_IRUSR | S_IWUSR))
        static_cast<void>(setMode(handle.native()));
    if (Status locked = lockWithin(
            wait, path, [&] { return tryLock(handle, path); }, [&] { return lockHolder(handle.native(), 0); });
        !locked)
        return locked.error();
    return handle;
}

} // namespace

bool renameNew(const std::string &from, const std::string &to)
{
    return linkNew(from, to);
}

Status RecordFile::lockNew(std::chrono::milliseconds wait)
{
    m_hasLocked = true;
    // Until the file is locked, a sweeper may have taken it for a dead one's and be about to remove it.
    const Result<Handle> folder = lockFolder(m_folder, wait);
    if (!folder)
        return folder.error();
    return lockWithin(
        wait, m_path, [&] { return tryLock(m_handle, m_path); }, [&] { return lockHolder(m_handle.native(), 0); });
}

bool RecordFile::isOwned() const
{
    // An own lock would be changed by looking.
    if (m_hasLocked)
        return true;
    // There is no looking without taking: for a moment, and beside others who look.
    if (retrying([&] { return ::flock(descriptorOf(m_handle.native()), LOCK_SH | LOCK_NB); }) != 0)
        return true;
    ::flock(descriptorOf(m_handle.native()), LOCK_UN);
    return false;
}

Status RecordFile::lockForSweep(std::chrono::milliseconds wait)
{
    Result<Handle> folder = lockFolder(m_folder, wait);
    if (!folder)
        return folder.error();
    m_folderLock = *std::move(folder);
    return {};
}

bool RecordFile::tryLockByte(std::uint64_t)
{
    // One claims at a time, whatever the place. Who holds the lock for long holds up the first try alone.
    if (!m_folderLock.isValid() && !m_isFolderBusy)
        m_isFolderBusy = !lockForSweep(LockWait);
    return m_folderLock.isValid();
}

void RecordFile::close()
{
    if (m_handle.isValid())
        ::flock(descriptorOf(m_handle.native()), LOCK_UN);
    m_folderLock.reset();
    m_handle.reset();
}

} // namespace sharedsegment::os
