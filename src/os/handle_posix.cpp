// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handle.h"

#include "forkhandlers_posix.h"
#include "forksafemutex.h"

#include <cstddef>
#include <mutex>
#include <pthread.h>
#include <unistd.h>
#include <vector>

namespace sharedsegment::os {

namespace {

/// The descriptors that a forked child must close. Never destroyed, because static objects may own handles.
struct OpenDescriptors
{
    ForkSafeMutex mutex;
    std::vector<bool> *isOpen = nullptr;
    ProcessToken process = 0; ///< owner of the descriptors

    /// The list of this process. The caller holds the mutex. Starts a new list in a child that was forked without
    /// handlers: the parent's descriptors do not concern it.
    std::vector<bool> &ofThisProcess()
    {
        if (process != processToken()) {
            isOpen = new std::vector<bool>; // The fork may have interrupted a change of the old vector.
            process = processToken();
        }
        return *isOpen;
    }
};

constinit OpenDescriptors openDescriptors;
constinit std::atomic<bool> hasForkHandlers = false;

void lockForFork()
{
    openDescriptors.mutex.lock();
    openDescriptors.ofThisProcess(); // Discards the list of an ancestor process.
}

void unlockInParent()
{
    openDescriptors.mutex.unlock();
}

void resetInChild()
{
    // Repeats what the kernel does on systems with pages that are wiped on fork.
    storeRelaxed(*tokenPlace.load(std::memory_order_relaxed), ProcessToken(0));
    for (std::size_t i = 0; i < openDescriptors.isOpen->size(); ++i) {
        if ((*openDescriptors.isOpen)[i])
            ::close(static_cast<int>(i));
    }
    openDescriptors.mutex.unlock();
}

/// Runs at load time, before the program has threads.
[[maybe_unused]] const bool isInstalledAtLoading = [] {
    installForkHandlers();
    return true;
}();

} // namespace

void installForkHandlers()
{
    if (!hasForkHandlers.exchange(true))
        pthread_atfork(&lockForFork, &unlockInParent, &resetInChild);
}

ForkBarrier::ForkBarrier()
{
    openDescriptors.mutex.lock();
}

ForkBarrier::~ForkBarrier()
{
    openDescriptors.mutex.unlock();
}

Handle::Handle(Native native, const ForkBarrier &)
    : m_native(native)
{
    if (native < 0)
        return;
    std::vector<bool> &isOpen = openDescriptors.ofThisProcess();
    const auto index = static_cast<std::size_t>(native);
    if (isOpen.size() <= index)
        isOpen.resize(index + 64);
    isOpen[index] = true;
    m_process = processToken();
}

bool Handle::isValid() const
{
    return m_native >= 0 && (m_process == 0 || isThisProcess(m_process));
}

void Handle::reset()
{
    if (isValid() && m_process == 0) {
        ::close(static_cast<int>(m_native));
    } else if (isValid()) {
        const std::lock_guard lock(openDescriptors.mutex);
        openDescriptors.ofThisProcess()[static_cast<std::size_t>(m_native)] = false;
        ::close(static_cast<int>(m_native));
    }
    m_native = Invalid;
}

} // namespace sharedsegment::os
