// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "ownerwatch.h"

#include "../os/handlegroup.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <span>

namespace sharedsegment::segment {

namespace {

/// The instances that ended last. Older ones can be forgotten: their locks are free by now. No instance id is all
/// zeros. Access requires a ForkBarrier.
constinit std::array<InstanceId, 64> ended{};
constinit std::size_t nextEnded = 0;
constinit std::atomic<bool> hasAnyEnded = false; ///< most processes never see one

bool contains(const InstanceId &instance)
{
    return std::find(ended.begin(), ended.end(), instance) != ended.end();
}

} // namespace

bool OwnerWatch::hasEnded() const
{
    if (!isActive())
        return false;
    const os::Handle::Native handle = native();
    if (os::waitForAny(std::span(&handle, 1), std::chrono::nanoseconds(0)) != 0 || !m_watch.hasEnded())
        return false;
    const os::ForkBarrier barrier;
    if (!contains(m_instance)) {
        ended[nextEnded] = m_instance;
        nextEnded = (nextEnded + 1) % ended.size();
        hasAnyEnded.store(true, std::memory_order_release);
    }
    return true;
}

bool isKnownToHaveEnded(const InstanceId &instance)
{
    if (!hasAnyEnded.load(std::memory_order_acquire))
        return false;
    const os::ForkBarrier barrier;
    return contains(instance);
}

} // namespace sharedsegment::segment
