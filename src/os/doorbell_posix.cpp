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
/// The user of the descriptor takes it from here and puts it back.
std::atomic<int> reservedDescriptor = None;

int openToNotify(const std::string &path)
{
    return ::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
}

/// Whether open() failed because there is no doorbell, or because the doorbell has no listener. (A socket gives the
/// same error as the latter.)
bool isMissing(int number)
{
    return number == ENXIO || number == ENOENT || number == ELOOP || number == EISDIR || number == EMLINK;
}

bool isFifo(int descriptor)
{
    struct stat info;
    return ::fstat(descriptor, &info) == 0 && S_ISFIFO(info.st_mode);
}

DoorbellNotifier::Outcome notifyDescriptor(int descriptor)
{
    if (retryOnEintr([&] { return writeWithoutSigpipe(descriptor, 1); }) == 1)
        return DoorbellNotifier::Outcome::Notified;
    switch (errno) {
    case EAGAIN: // Full of notifications that the listener has not read yet.
        return DoorbellNotifier::Outcome::Notified;
    case EPIPE:
    case ENXIO:
        return DoorbellNotifier::Outcome::Dead;
    default:
        return DoorbellNotifier::Outcome::Failed;
    }
}

} // namespace

Result<Doorbell> Doorbell::create(const std::string &path)
{
    if (::mkfifo(path.c_str(), S_IRUSR | S_IWUSR) == -1)
        return systemError("making", path, errno);
    // The umask may have removed permissions that open() needs. Changing the mode by name is safe: the folder is
    // private, and no other process opens the file yet.
    ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
    // Opens both ends, so that reads never report the end of file while no process notifies.
    Handle handle = openOwned([&] { return ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW); });
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
    while (retryOnEintr([&] { return ::read(descriptorOf(m_handle.native()), bytes, sizeof bytes); })
           == static_cast<ssize_t>(sizeof bytes)) { }
}

void Doorbell::remove()
{
    if (m_handle.isValid())
        ::unlink(m_path.c_str());
    m_handle.reset();
}

DoorbellNotifier DoorbellNotifier::open(const std::string &path, bool *dead)
{
    Handle handle = openOwned([&] { return openToNotify(path); });
    *dead = !handle.isValid() && isMissing(errno);
    DoorbellNotifier notifier;
    if (handle.isValid()) {
        // Notifications are written to FIFOs only.
        *dead = !isFifo(descriptorOf(handle.native()));
        if (*dead)
            return notifier;
        suppressSigpipe(handle.native());
    }
    notifier.m_handle = std::move(handle);
    return notifier;
}

void DoorbellNotifier::reserve()
{
    if (reservedDescriptor.load(std::memory_order_relaxed) != None)
        return;
    // A forked child may inherit it: it leads to /dev/null.
    const int fresh = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    int none = None;
    if (fresh != None && !reservedDescriptor.compare_exchange_strong(none, fresh))
        ::close(fresh);
}

DoorbellNotifier::Outcome DoorbellNotifier::notifyWithReserve(const std::string &path)
{
    const int kept = reservedDescriptor.exchange(None);
    if (kept == None)
        return Outcome::Failed;
    Outcome outcome = Outcome::Failed;
    {
        // The barrier keeps other threads of the library from taking the number, and a child from inheriting the
        // doorbell.
        const ForkBarrier barrier;
        ::close(kept);
        const int doorbell = openToNotify(path);
        if (doorbell == None) {
            outcome = isMissing(errno) ? Outcome::Dead : Outcome::Failed;
        } else {
            suppressSigpipe(doorbell);
            outcome = isFifo(doorbell) ? notifyDescriptor(doorbell) : Outcome::Dead;
            ::close(doorbell);
        }
    }
    reserve();
    return outcome;
}

Result<DoorbellNotifier> DoorbellNotifier::openDisplaced(std::uint64_t pid, const std::string &path)
{
    const Result<std::string> place = descriptorPathOf(pid, path.substr(path.rfind('/') + 1));
    if (!place)
        return place.error();
    DoorbellNotifier notifier;
    if (place->empty())
        return notifier;
    Handle handle = openOwned([&] { return ::open(place->c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC); });
    if (!handle.isValid() || !isFifo(descriptorOf(handle.native())))
        return notifier;
    suppressSigpipe(handle.native());
    notifier.m_handle = std::move(handle);
    return notifier;
}

DoorbellNotifier::Outcome DoorbellNotifier::notify() const
{
    return notifyDescriptor(descriptorOf(m_handle.native()));
}

bool DoorbellNotifier::isDead(const std::string &path)
{
    const Handle handle = openOwned([&] { return openToNotify(path); });
    return !handle.isValid() && errno == ENXIO;
}

bool DoorbellNotifier::isOtherFile(const std::string &path)
{
    struct stat info;
    return ::lstat(path.c_str(), &info) == 0 && !S_ISFIFO(info.st_mode);
}

void DoorbellNotifier::removeDead(const std::string &path)
{
    if (::unlink(path.c_str()) == -1)
        ::rmdir(path.c_str()); // Removes empty folders only.
}

} // namespace sharedsegment::os
