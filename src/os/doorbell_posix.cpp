// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "doorbell.h"

#include "fd_posix.h"
#include "system.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr int None = -1;
/// Taken by who uses it, and put back.
std::atomic<int> reservedDescriptor = None;

int openToRing(const std::string &path)
{
    return ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

/// Whether this is what open() says where no doorbell is, or one at which nobody waits. (A socket says the same as the latter.)
bool isMissing(int number)
{
    return number == ENXIO || number == ENOENT || number == ELOOP || number == EISDIR || number == EMLINK;
}

bool isFifo(int descriptor)
{
    struct stat info;
    return ::fstat(descriptor, &info) == 0 && S_ISFIFO(info.st_mode);
}

Ringer::Outcome ringDescriptor(int descriptor)
{
    if (retrying([&] { return writeQuietly(descriptor, 1); }) == 1)
        return Ringer::Outcome::Rung;
    switch (errno) {
    case EAGAIN: // Full of rings that nobody has heard yet.
        return Ringer::Outcome::Rung;
    case EPIPE:
    case ENXIO:
        return Ringer::Outcome::Dead;
    default:
        return Ringer::Outcome::Failed;
    }
}

} // namespace

Result<Doorbell> Doorbell::create(const std::string &path)
{
    if (::mkfifo(path.c_str(), S_IRUSR | S_IWUSR) == -1)
        return systemError("making", path, errno);
    // The umask may have taken away what it is opened with. By name: the folder is private, and nobody else opens it yet.
    ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
    // Both ends, so that it never reads as closed while nobody rings.
    Handle handle = opened([&] { return ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW); });
    if (!handle.isValid()) {
        const int number = errno;
        ::unlink(path.c_str());
        return systemError("opening the doorbell", path, number);
    }
    return Doorbell(std::move(handle), path);
}

void Doorbell::drain() const
{
    char bytes[256];
    while (retrying([&] { return ::read(descriptorOf(m_handle.native()), bytes, sizeof bytes); })
           == static_cast<ssize_t>(sizeof bytes)) { }
}

void Doorbell::remove()
{
    if (m_handle.isValid())
        ::unlink(m_path.c_str());
    m_handle.reset();
}

Ringer Ringer::open(const std::string &path, bool *dead)
{
    Handle handle = opened([&] { return openToRing(path); });
    *dead = !handle.isValid() && isMissing(errno);
    Ringer ringer;
    if (handle.isValid()) {
        // Only a FIFO is ever written to.
        *dead = !isFifo(descriptorOf(handle.native()));
        if (*dead)
            return ringer;
        keepQuiet(handle.native());
    }
    ringer.m_handle = std::move(handle);
    return ringer;
}

void Ringer::reserve()
{
    if (reservedDescriptor.load(std::memory_order_relaxed) != None)
        return;
    // A child may have it: it leads to nothing.
    const int fresh = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    int none = None;
    if (fresh != None && !reservedDescriptor.compare_exchange_strong(none, fresh))
        ::close(fresh);
}

Ringer::Outcome Ringer::ringWithReserve(const std::string &path)
{
    const int kept = reservedDescriptor.exchange(None);
    if (kept == None)
        return Outcome::Failed;
    Outcome outcome = Outcome::Failed;
    {
        // Neither does another thread of the library take its place, nor does a child get the doorbell.
        const ForkBarrier barrier;
        ::close(kept);
        const int doorbell = openToRing(path);
        if (doorbell == None) {
            outcome = isMissing(errno) ? Outcome::Dead : Outcome::Failed;
        } else {
            keepQuiet(doorbell);
            outcome = isFifo(doorbell) ? ringDescriptor(doorbell) : Outcome::Dead;
            ::close(doorbell);
        }
    }
    reserve();
    return outcome;
}

Result<Ringer> Ringer::openDisplaced(std::uint64_t pid, const std::string &path)
{
    const Result<std::string> place = descriptorPathOf(pid, path.substr(path.rfind('/') + 1));
    if (!place)
        return place.error();
    Ringer ringer;
    if (place->empty())
        return ringer;
    Handle handle = opened([&] { return ::open(place->c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC); });
    if (!handle.isValid() || !isFifo(descriptorOf(handle.native())))
        return ringer;
    keepQuiet(handle.native());
    ringer.m_handle = std::move(handle);
    return ringer;
}

Ringer::Outcome Ringer::ring() const
{
    return ringDescriptor(descriptorOf(m_handle.native()));
}

bool Ringer::isDead(const std::string &path)
{
    const Handle handle = opened([&] { return openToRing(path); });
    return !handle.isValid() && errno == ENXIO;
}

bool Ringer::isOtherFile(const std::string &path)
{
    struct stat info;
    return ::lstat(path.c_str(), &info) == 0 && !S_ISFIFO(info.st_mode);
}

void Ringer::removeDead(const std::string &path)
{
    if (::unlink(path.c_str()) == -1)
        ::rmdir(path.c_str()); // Only an empty folder goes.
}

} // namespace sharedsegment::os
