// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "segmentview.h"

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

namespace sharedsegment::engine {

/// The observers of a segment within the process that publishes or polls it: they need no doorbell.
///
/// An observer is called at the next publication or poll in this process, and when the owner in this process closes:
/// once for each arming, in the thread that does that. It must be fast and must not call back into the segment.
/// Thread-safe. In a forked child, all functions do nothing: a thread of the parent may hold the mutex forever.
class SHAREDSEGMENTENGINE_EXPORT UpdateObservers
{
public:
    using Observer = std::function<void()>;

    /// @param view must outlive this object
    explicit UpdateObservers(const SegmentView &view)
        : m_view(view)
    {
    }

    /// Adds an armed observer under `key`.
    void add(const void *key, Observer observer);
    /// Arms it again. After this call, check for updates that came before it.
    void arm(const void *key);
    void remove(const void *key);

    bool hasArmed() const { return m_hasArmed.load(std::memory_order_acquire); }
    /// Calls and disarms the armed observers.
    void notify();

private:
    struct Observation
    {
        const void *key;
        Observer observer;
        bool isArmed;
    };

    const SegmentView &m_view;
    std::mutex m_mutex;
    std::vector<Observation> m_observations;
    std::atomic<bool> m_hasArmed = false;
};

} // namespace sharedsegment::engine
