// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "doorbell.h"

#include "fd_posix.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sharedsegment::os {

Result<Doorbell> Doorbell::create(const std::string &path)
{
    if (::mkfifo(path.c_str(), S_IRUSR | S_IWUSR) == -1)
        return systemError("making the doorbell", path, errno);
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
    if (!m_handle.isValid())
        return;
    m_handle.reset();
    if (m_generation == forkGeneration())
        ::unlink(m_path.c_str());
}

Ringer Ringer::open(const std::string &path, bool *dead)
{
    Handle handle = opened([&] { return ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW); });
    *dead = !handle.isValid() && (errno == ENXIO || errno == ENOENT);
    if (handle.isValid()) {
        // Only a FIFO is ever written to.
        struct stat info;
        if (::fstat(descriptorOf(handle.native()), &info) == -1 || !S_ISFIFO(info.st_mode)) {
            *dead = true;
            return Ringer();
        }
    }
    keepQuiet(handle.native());
    Ringer ringer;
    ringer.m_handle = std::move(handle);
    return ringer;
}

Ringer::Outcome Ringer::ring() const
{
    if (retrying([&] { return writeQuietly(descriptorOf(m_handle.native()), 1); }) == 1)
        return Outcome::Rung;
    switch (errno) {
    case EAGAIN: // Full of rings that nobody has heard yet.
        return Outcome::Rung;
    case EPIPE:
    case ENXIO:
        return Outcome::Dead;
    default:
        return Outcome::Failed;
    }
}

bool Ringer::isDead(const std::string &path)
{
    const Handle handle = opened([&] { return ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW); });
    return !handle.isValid() && errno == ENXIO;
}

void Ringer::removeDead(const std::string &path)
{
    ::unlink(path.c_str());
}

} // namespace sharedsegment::os
