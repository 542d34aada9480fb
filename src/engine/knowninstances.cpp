// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "knowninstances.h"

#include "../os/handle.h"
#include "../os/processtoken.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <map>
#include <utility>

namespace sharedsegment::engine {

namespace {

using OwnedSegments = std::map<InstanceId, std::weak_ptr<Segment>>;

/// The segments that this process owns. Never destroyed, because segments may be static objects.
///
/// The barrier also serves as the mutex: no fork happens during a change or a lookup, so a child never inherits a
/// half-changed map.
OwnedSegments &ownedSegments(const os::ForkBarrier &)
{
    static constinit OwnedSegments *owned = nullptr;
    static constinit os::ProcessToken process = 0;
    // In a forked child, the map belongs to the parent.
    if (!owned || process != os::processToken()) {
        process = os::processToken();
        owned = new OwnedSegments;
    }
    return *owned;
}

/// The instances that ended last. Older ones can be forgotten: their locks are free by now. No instance id is all
/// zeros. Access requires a ForkBarrier.
constinit std::array<InstanceId, 64> ended{};
constinit std::size_t nextEnded = 0;
constinit std::atomic<bool> hasAnyEnded = false; ///< most processes never see one

bool isAmongEnded(const InstanceId &instance)
{
    return std::find(ended.begin(), ended.end(), instance) != ended.end();
}

} // namespace

void rememberOwned(const InstanceId &instance, std::weak_ptr<Segment> segment)
{
    const os::ForkBarrier barrier;
    ownedSegments(barrier)[instance] = std::move(segment);
}

void forgetOwned(const InstanceId &instance)
{
    const os::ForkBarrier barrier;
    ownedSegments(barrier).erase(instance);
}

std::shared_ptr<Segment> findOwned(const InstanceId &instance)
{
    const os::ForkBarrier barrier;
    const OwnedSegments &owned = ownedSegments(barrier);
    const auto found = owned.find(instance);
    return found == owned.end() ? nullptr : found->second.lock();
}

void rememberEnded(const InstanceId &instance)
{
    const os::ForkBarrier barrier;
    if (isAmongEnded(instance))
        return;
    ended[nextEnded] = instance;
    nextEnded = (nextEnded + 1) % ended.size();
    hasAnyEnded.store(true, std::memory_order_release);
}

bool isKnownToHaveEnded(const InstanceId &instance)
{
    if (!hasAnyEnded.load(std::memory_order_acquire))
        return false;
    const os::ForkBarrier barrier;
    return isAmongEnded(instance);
}

} // namespace sharedsegment::engine
