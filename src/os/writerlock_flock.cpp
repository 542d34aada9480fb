// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// For systems without robust mutexes: a file lock (flock(2)), which the kernel releases when its holder ends, and a
// word in shared memory that says whether the holder is in the middle of a write. Only the holder changes the word. A
// new holder that finds it set knows that the previous holder died. Each lock has its own open file description, so
// that two locks in one process exclude each other, too.

#include "writerlock.h"

#include "atomic.h"
#include "fd_posix.h"
#include "system.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr std::chrono::microseconds ShortestPause{50};
constexpr std::chrono::microseconds LongestPause{1000};

std::uint32_t &workingWord(void *bytes)
{
    return *static_cast<std::uint32_t *>(bytes);
}

Handle openFile(const std::string &path, int flags)
{
    return openOwned([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, S_IRUSR | S_IWUSR); });
}

} // namespace

Result<WriterLock> WriterLock::create(void *bytes, const std::string &path)
{
    Handle handle = openFile(path, O_CREAT | O_EXCL);
    if (!handle.isValid())
        return systemError("making the writers' lock", path, errno);
    if (Status moded = setMode(handle.native()); !moded) {
        ::unlink(path.c_str());
        return moded.error();
    }
    WriterLock lock(std::move(handle), path);
    lock.m_bytes = bytes;
    return lock;
}

Result<WriterLock> WriterLock::open(void *bytes, const std::string &path)
{
    Handle handle = openFile(path, 0);
    if (!handle.isValid())
        return systemError("opening the writers' lock", path, errno);
    WriterLock lock(std::move(handle), path);
    lock.m_bytes = bytes;
    return lock;
}

void WriterLock::remove(const std::string &path)
{
    ::unlink(path.c_str());
}

WriterLock::Outcome WriterLock::lock(std::chrono::nanoseconds wait)
{
    const auto deadline = std::chrono::steady_clock::now() + wait;
    std::chrono::microseconds pause = ShortestPause;
    while (retryOnEintr([&] { return ::flock(descriptorOf(m_handle.native()), LOCK_EX | LOCK_NB); }) != 0) {
        if (errno != EWOULDBLOCK)
            return Outcome::Failed;
        if (std::chrono::steady_clock::now() >= deadline)
            return Outcome::TimedOut;
        std::this_thread::sleep_for(pause);
        pause = std::min(2 * pause, LongestPause);
    }
    std::uint32_t &working = workingWord(m_bytes);
    const bool hasDied = loadRelaxed(working) != 0;
    storeRelaxed(working, std::uint32_t(1));
    return hasDied ? Outcome::OwnerDied : Outcome::Locked;
}

void WriterLock::unlock()
{
    storeRelease(workingWord(m_bytes), std::uint32_t(0));
    ::flock(descriptorOf(m_handle.native()), LOCK_UN);
}

std::uint64_t WriterLock::holder() const
{
    return lockHolder(m_handle.native(), 0);
}

} // namespace sharedsegment::os
