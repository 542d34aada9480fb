// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handle.h"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <pthread.h>
#include <unistd.h>
#include <vector>

namespace sharedsegment::os {

namespace {

/// The descriptors that a forked child has to close. Lives until the process ends: handles may be static objects.
struct OpenDescriptors
{
    std::mutex mutex;
    std::vector<bool> isOpen;
    std::atomic<unsigned> generation = 1;
};

OpenDescriptors &openDescriptors()
{
    static OpenDescriptors *const descriptors = [] {
        auto *fresh = new OpenDescriptors;
        pthread_atfork([] { openDescriptors().mutex.lock(); }, [] { openDescriptors().mutex.unlock(); },
                       [] {
                           OpenDescriptors &all = openDescriptors();
                           for (std::size_t i = 0; i < all.isOpen.size(); ++i) {
                               if (all.isOpen[i])
                                   ::close(static_cast<int>(i));
                           }
                           all.isOpen.assign(all.isOpen.size(), false);
                           ++all.generation;
                           all.mutex.unlock();
                       });
        return fresh;
    }();
    return *descriptors;
}

} // namespace

unsigned forkGeneration()
{
    // Only ever changed in a child that has no other thread yet.
    return openDescriptors().generation.load(std::memory_order_relaxed);
}

ForkBarrier::ForkBarrier()
{
    openDescriptors().mutex.lock();
}

ForkBarrier::~ForkBarrier()
{
    openDescriptors().mutex.unlock();
}

Handle::Handle(Native native, const ForkBarrier &)
    : m_native(native)
{
    if (native < 0)
        return;
    OpenDescriptors &all = openDescriptors();
    const auto index = static_cast<std::size_t>(native);
    if (all.isOpen.size() <= index)
        all.isOpen.resize(index + 64);
    all.isOpen[index] = true;
    m_generation = all.generation;
}

bool Handle::isValid() const
{
    return m_native >= 0 && m_generation == forkGeneration();
}

void Handle::reset()
{
    if (m_native < 0)
        return;
    OpenDescriptors &all = openDescriptors();
    const std::lock_guard lock(all.mutex);
    if (m_generation == all.generation) {
        all.isOpen[static_cast<std::size_t>(m_native)] = false;
        ::close(static_cast<int>(m_native));
    }
    m_native = Invalid;
}

} // namespace sharedsegment::os
