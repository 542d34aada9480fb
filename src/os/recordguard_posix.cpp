// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "recordguard.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sharedsegment::os {

/// One guarded mapping. Places are reused and never freed, so that the signal handler can walk the list at any time.
struct RecordGuard::Place
{
    static constexpr std::uintptr_t Free = 0;
    static constexpr std::uintptr_t Taken = 1;

    std::atomic<std::uintptr_t> begin = Taken;
    std::size_t size = 0;
    std::string path;
    dev_t device = 0;
    ino_t inode = 0;
    std::atomic<int> failedTries = 0; ///< consecutive faults while the file had its full size
    Place *next = nullptr;

    static std::atomic<Place *> first;
    static Place *take();
    static Place *find(const void *address);
    bool regrow();
    bool repair(void *address);
};

std::atomic<RecordGuard::Place *> RecordGuard::Place::first = nullptr;

RecordGuard::Place *RecordGuard::Place::take()
{
    for (Place *place = first.load(); place; place = place->next) {
        std::uintptr_t free = Free;
        if (place->begin.compare_exchange_strong(free, Taken))
            return place;
    }
    auto *const fresh = new Place;
    fresh->next = first.load();
    while (!first.compare_exchange_weak(fresh->next, fresh)) { }
    return fresh;
}

RecordGuard::Place *RecordGuard::Place::find(const void *address)
{
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    for (Place *place = first.load(); place; place = place->next) {
        const std::uintptr_t begin = place->begin.load();
        if (begin > Taken && at >= begin && at - begin < place->size)
            return place;
    }
    return nullptr;
}

// From here on only async-signal-safe calls (signal-safety(7)).

/// Runs in the signal handler. @returns false when the path leads to another file by now, or the file cannot grow.
bool RecordGuard::Place::regrow()
{
    constexpr int Tries = 100;
    const auto whole = static_cast<off_t>(size);
    rlimit limit = {};
    if (::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
        && static_cast<std::uint64_t>(limit.rlim_cur) < size) // Signed on FreeBSD.
        return false;
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor == -1)
        return false;
    struct stat info;
    bool isLong = ::fstat(descriptor, &info) == 0 && info.st_dev == device && info.st_ino == inode;
    if (isLong && info.st_size < whole) {
        failedTries.store(0);
        isLong = ::ftruncate(descriptor, whole) == 0;
    } else if (isLong) {
        // Another process has extended the file meanwhile; or the file system is full, and the access faults again.
        isLong = failedTries.fetch_add(1) < Tries;
    }
    ::close(descriptor);
    return isLong;
}

/// Runs in the signal handler. @returns false when the access would fault again.
bool RecordGuard::Place::repair(void *address)
{
    if (regrow())
        return true;
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const std::uintptr_t at = reinterpret_cast<std::uintptr_t>(address) / page * page;
    return ::mmap(reinterpret_cast<void *>(at), page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                  -1, 0)
        != MAP_FAILED;
}

namespace {

struct sigaction previous = {};

void forwardToPreviousHandler(int signal, siginfo_t *info, void *context)
{
    const struct sigaction next = previous;
    if ((next.sa_flags & SA_SIGINFO) == 0 && next.sa_handler == SIG_IGN && info->si_code <= 0)
        return;
    if ((static_cast<unsigned int>(next.sa_flags) & SA_RESETHAND) != 0) {
        previous.sa_flags = 0;
        previous.sa_handler = SIG_DFL;
    }
    if ((next.sa_flags & SA_SIGINFO) != 0) {
        next.sa_sigaction(signal, info, context);
        return;
    }
    if (next.sa_handler != SIG_DFL && next.sa_handler != SIG_IGN) {
        next.sa_handler(signal);
        return;
    }
    // With the default action restored, the access faults again, or raise() repeats a signal that a process sent, and
    // ends the process as usual.
    struct sigaction standard = {};
    standard.sa_handler = SIG_DFL;
    ::sigaction(signal, &standard, nullptr);
    if (info->si_code <= 0)
        ::raise(signal);
}

} // namespace

RecordGuard::RecordGuard(const Mapping &mapping, std::string path)
{
    struct stat info;
    if (::stat(path.c_str(), &info) == -1)
        return;
    static std::atomic<bool> isInstalled = false;
    if (!isInstalled.exchange(true)) {
        ::sigaction(SIGBUS, nullptr, &previous);
        struct sigaction ours = {};
        ours.sa_sigaction = [](int signal, siginfo_t *what, void *context) {
            const int number = errno;
            Place *const place = Place::find(what->si_addr);
            const bool isOurs = place && what->si_code > 0;
            if (!isOurs || !place->repair(what->si_addr))
                forwardToPreviousHandler(signal, what, context);
            errno = number;
        };
        // SA_ONSTACK: use the program's alternate signal stack, if any, which some language runtimes require.
        // SA_NODEFER and the mask are those of the previous handler, so that it runs with the same signals blocked as
        // before.
        ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | (previous.sa_flags & SA_NODEFER);
        ours.sa_mask = previous.sa_mask;
        ::sigaction(SIGBUS, &ours, &previous);
    }
    m_place = Place::take();
    m_place->size = static_cast<std::size_t>(mapping.size());
    m_place->path = std::move(path);
    m_place->device = info.st_dev;
    m_place->inode = info.st_ino;
    m_place->failedTries.store(0);
    m_place->begin.store(reinterpret_cast<std::uintptr_t>(mapping.data()));
}

void RecordGuard::regrow() const
{
    if (!m_place)
        return;
    m_place->regrow();
    m_place->failedTries.store(0); // This call was not caused by a fault.
}

void RecordGuard::reset()
{
    if (m_place)
        m_place->begin.store(Place::Free);
    m_place = nullptr;
}

} // namespace sharedsegment::os
