// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A named mutex: when its holder dies, the system passes it on and reports that.

#include "writerlock.h"

#include "support_win32.h"

#include <algorithm>
#include <utility>

namespace sharedsegment::os {

namespace {

/// The locks that this thread holds. A mutex would let its holder lock it again, which must fail here. A linked list,
/// not a container: MinGW would run the container's destructor after the thread's memory is gone.
thread_local WriterLock *newestHeld = nullptr;

} // namespace

Result<WriterLock> WriterLock::create(void *, const std::string &path)
{
    Handle handle = owned(::CreateMutexW(currentUserSecurity(), FALSE, kernelObjectName(path).c_str()));
    if (!handle.isValid() || ::GetLastError() == ERROR_ALREADY_EXISTS)
        return lastError("making the writers' lock", path);
    return WriterLock(std::move(handle), path);
}

Result<WriterLock> WriterLock::open(void *, const std::string &path)
{
    Handle handle = owned(::OpenMutexW(SYNCHRONIZE | MUTEX_MODIFY_STATE, FALSE, kernelObjectName(path).c_str()));
    if (!handle.isValid())
        return lastError("opening the writers' lock", path);
    return WriterLock(std::move(handle), path);
}

void WriterLock::remove(const std::string &) { }

WriterLock::Outcome WriterLock::lock(std::chrono::nanoseconds wait)
{
    for (const WriterLock *held = newestHeld; held; held = held->m_nextHeld) {
        if (held->m_path == m_path)
            return Outcome::TimedOut;
    }
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    constexpr long long Longest = INFINITE - 1;
    const auto timeout = static_cast<DWORD>(std::clamp<long long>(milliseconds, 0, Longest));
    const DWORD answer = ::WaitForSingleObject(handleOf(m_handle.native()), timeout);
    if (answer == WAIT_TIMEOUT)
        return Outcome::TimedOut;
    if (answer != WAIT_OBJECT_0 && answer != WAIT_ABANDONED)
        return Outcome::Failed;
    m_nextHeld = std::exchange(newestHeld, this);
    return answer == WAIT_OBJECT_0 ? Outcome::Locked : Outcome::OwnerDied;
}

void WriterLock::unlock()
{
    WriterLock **link = &newestHeld;
    while (*link && *link != this)
        link = &(*link)->m_nextHeld;
    if (*link)
        *link = m_nextHeld;
    ::ReleaseMutex(handleOf(m_handle.native()));
}

std::uint64_t WriterLock::holder() const
{
    return 0;
}

} // namespace sharedsegment::os
