// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "writerlock.h"

#include "atomic.h"
#include "lasting.h"
#include "system.h"

#include <cerrno>
#include <ctime>
#include <pthread.h>

namespace sharedsegment::os {

namespace {

static_assert(sizeof(pthread_mutex_t) <= WriterLock::Size);

pthread_mutex_t *mutexIn(void *bytes)
{
    return static_cast<pthread_mutex_t *>(bytes);
}

void initialize(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    // A second lock by the same thread then returns an error instead of a deadlock.
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

#ifdef __GLIBC__

/// Whether the mutex kind in shared memory is the one that initialize() sets: glibc aborts the process on some other
/// values.
bool isOurKind(const pthread_mutex_t *mutex)
{
    static constinit Lasting<int> kind;
    const int ourKind = kind.get([] {
        pthread_mutex_t ours;
        initialize(&ours);
        return ours.__data.__kind;
    });
    return loadRelaxed(mutex->__data.__kind) == ourKind;
}

std::uint64_t holdingThread(const pthread_mutex_t *mutex)
{
    return static_cast<std::uint64_t>(loadRelaxed(mutex->__data.__owner));
}

#else

bool isOurKind(const pthread_mutex_t *)
{
    return true;
}

std::uint64_t holdingThread(const pthread_mutex_t *)
{
    return 0;
}

#endif

} // namespace

Result<WriterLock> WriterLock::create(void *bytes, const std::string &)
{
    initialize(mutexIn(bytes));
    return WriterLock(bytes);
}

Result<WriterLock> WriterLock::open(void *bytes, const std::string &)
{
    return WriterLock(bytes);
}

void WriterLock::remove(const std::string &) { }

WriterLock::Outcome WriterLock::lock(std::chrono::nanoseconds wait)
{
    pthread_mutex_t *const mutex = mutexIn(m_bytes);
    if (!isOurKind(mutex))
        return Outcome::Failed;
    int number = pthread_mutex_trylock(mutex);
    if (number == EBUSY && wait.count() > 0) {
        timespec deadline;
        clock_gettime(CLOCK_MONOTONIC, &deadline);
        const auto total = std::chrono::nanoseconds(deadline.tv_nsec) + wait;
        deadline.tv_sec += static_cast<time_t>(std::chrono::duration_cast<std::chrono::seconds>(total).count());
        deadline.tv_nsec = static_cast<long>((total % std::chrono::seconds(1)).count());
        number = pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &deadline);
    }
    switch (number) {
    case 0:
        return Outcome::Locked;
    case EOWNERDEAD:
        pthread_mutex_consistent(mutex);
        return Outcome::OwnerDied;
    case EBUSY:
    case ETIMEDOUT:
    case EDEADLK:
        return Outcome::TimedOut;
    default:
        return Outcome::Failed;
    }
}

void WriterLock::unlock()
{
    pthread_mutex_unlock(mutexIn(m_bytes));
}

std::uint64_t WriterLock::holder() const
{
    const std::uint64_t thread = holdingThread(mutexIn(m_bytes));
    return thread == 0 ? 0 : processOfThread(thread);
}

} // namespace sharedsegment::os
