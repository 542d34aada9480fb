// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "content.h"
#include "ownermonitor.h"
#include "updatenotifier.h"
#include "updateobservers.h"

#include "../os/wait.h"
#include "../os/writerlock.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace sharedsegment::engine {

/// What the writers of one opening share: the lock under which one of them publishes, and the notification of listeners
/// and observers. Owns the notifier and the handle of the writers' lock. Use it through a PublishLock.
class SHAREDSEGMENTENGINE_EXPORT Publisher
{
public:
    /// The arguments must outlive this object.
    Publisher(const SegmentView &view, OwnerMonitor &owner, Content &content, UpdateObservers &observers);

    /// Makes the notifier of a segment that is open for writing and has a record.
    /// @param header the record's header, which restores a damaged record
    /// @param writerLock the lock of a segment with multiple writers
    void enable(const RecordHeader &header, std::optional<os::WriterLock> writerLock);

    /// Waits at most `wait` for the other writers, in this process and in others. The thread that succeeds must call
    /// unlock().
    /// @returns Busy after that time, or when this thread holds the lock already; NotFound when the owner has ended;
    /// PermissionDenied for a segment that is open for reading only, and in a forked child.
    Status lock(os::Wait wait);
    void unlock();

    bool isHeldByThisThread() const { return m_thread.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

    /// Announces a revision that has just become the newest. Only for the holder of the lock.
    void announce();
    /// Announces the owner's end, or another change that is no revision: wakes all. Needs no lock.
    void announceAll();

private:
    Status lockForOthers(os::Wait wait);
    Error heldByAnother() const;

    const SegmentView &m_view;
    OwnerMonitor &m_owner;
    Content &m_content;
    UpdateObservers &m_observers;
    std::unique_ptr<UpdateNotifier> m_notifier;
    std::optional<os::WriterLock> m_writerLock;
    std::timed_mutex m_mutex;
    std::atomic<std::thread::id> m_thread; ///< the one that holds the lock
};

/// Holds the lock of a Publisher. Belongs to the thread that acquired it. Move-only.
class PublishLock
{
public:
    PublishLock() = default;
    PublishLock(PublishLock &&other) noexcept
        : m_publisher(std::exchange(other.m_publisher, nullptr))
    {
    }
    PublishLock &operator=(PublishLock &&other) noexcept
    {
        if (this != &other) {
            release();
            m_publisher = std::exchange(other.m_publisher, nullptr);
        }
        return *this;
    }
    ~PublishLock() { release(); }

    /// @returns the errors of Publisher::lock(); then nothing is held.
    Status acquire(Publisher &publisher, os::Wait wait)
    {
        Status locked = publisher.lock(wait);
        if (locked)
            m_publisher = &publisher;
        return locked;
    }
    void release()
    {
        if (Publisher *const publisher = std::exchange(m_publisher, nullptr))
            publisher->unlock();
    }
    bool isHeld() const { return m_publisher != nullptr; }

private:
    Publisher *m_publisher = nullptr;
};

} // namespace sharedsegment::engine
