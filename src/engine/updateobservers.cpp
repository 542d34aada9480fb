// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "updateobservers.h"

#include "../os/atomic.h"

#include <utility>

namespace sharedsegment::engine {

void UpdateObservers::add(const void *key, Observer observer)
{
    if (!m_view.isOfThisProcess())
        return;
    const std::lock_guard lock(m_mutex);
    m_observations.push_back({key, std::move(observer), true});
    m_hasArmed.store(true, std::memory_order_seq_cst);
}

void UpdateObservers::arm(const void *key)
{
    if (!m_view.isOfThisProcess())
        return;
    const std::lock_guard lock(m_mutex);
    for (Observation &observation : m_observations) {
        if (observation.key == key)
            observation.isArmed = true;
    }
    // Sequentially consistent with the publisher's store of the revision, like Listener::arm().
    m_hasArmed.store(true, std::memory_order_seq_cst);
    os::fenceFull();
}

void UpdateObservers::remove(const void *key)
{
    if (!m_view.isOfThisProcess())
        return;
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_observations, [key](const Observation &observation) { return observation.key == key; });
}

void UpdateObservers::notify()
{
    if (!m_view.isOfThisProcess())
        return;
    const std::lock_guard lock(m_mutex);
    m_hasArmed.store(false, std::memory_order_relaxed);
    for (Observation &observation : m_observations) {
        if (std::exchange(observation.isArmed, false))
            observation.observer();
    }
}

} // namespace sharedsegment::engine
