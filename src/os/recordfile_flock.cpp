// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Record locks for systems that lock files as a whole (flock(2)). The owner locks the record file. Sweeping, creation
// and slot claiming lock `.lock`, one file for each folder.

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
    if (retryOnEintr([&] { return ::flock(descriptorOf(handle.native()), LOCK_EX | LOCK_NB); }) == 0)
        return Status();
    if (errno == EWOULDBLOCK)
        return std::nullopt;
    return systemError("locking", path, errno);
}

/// Takes the folder's lock. The returned handle holds it.
Result<Handle> lockFolder(const std::string &folder, std::chrono::milliseconds wait)
{
    const std::string path = folder + "/.lock";
    Handle handle =
        openOwned([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR); });
    if (!handle.isValid() && errno == EACCES) {
        // Another process created the file a moment ago, or was killed before it set the mode.
        ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
        handle = openOwned([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW); });
    }
    if (!handle.isValid())
        return systemError("opening", path, errno);
    // The creator's umask may have removed permissions that other processes need.
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

bool renameNoReplace(const std::string &from, const std::string &to)
{
    return linkNew(from, to);
}

bool renameExchange(const std::string &, const std::string &)
{
    errno = ENOSYS;
    return false;
}

Status RecordFile::replaceWithoutExchange(RecordFile &old)
{
    const Result<Handle> folder = lockFolder(m_folder, LockWait);
    return folder ? renameOver(old) : folder.error();
}

Status RecordFile::lockNew(std::chrono::milliseconds wait)
{
    m_hasLocked = true;
    // Until the file is locked, a sweeper may have taken it for a dead owner's and be about to remove it.
    const Result<Handle> folder = lockFolder(m_folder, wait);
    if (!folder)
        return folder.error();
    return lockWithin(
        wait, m_path, [&] { return tryLock(m_handle, m_path); }, [&] { return lockHolder(m_handle.native(), 0); });
}

bool RecordFile::isOwned() const
{
    // The test below would change this object's own lock.
    if (m_hasLocked)
        return true;
    // flock(2) cannot test a lock without taking it: take a shared one for a moment, which other tests do not block.
    if (retryOnEintr([&] { return ::flock(descriptorOf(m_handle.native()), LOCK_SH | LOCK_NB); }) != 0)
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
    // One claim at a time in the whole folder, whatever the slot. A process that holds the lock for long delays only
    // the first attempt.
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
