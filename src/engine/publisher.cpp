// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "publisher.h"

#include "../os/atomic.h"
#include "../os/system.h"
#include "errors.h"
#include "name.h"

#include <chrono>

namespace sharedsegment::engine {

Publisher::Publisher(const SegmentView &view, OwnerMonitor &owner, Content &content, UpdateObservers &observers)
    : m_view(view)
    , m_owner(owner)
    , m_content(content)
    , m_observers(observers)
{
}

void Publisher::enable(const RecordHeader &header, std::optional<os::WriterLock> writerLock)
{
    m_notifier = std::make_unique<UpdateNotifier>(m_owner.record(), header, m_owner.recordGuard(),
                                                  m_view.isOwned ? &m_owner.ownSource() : nullptr,
                                                  m_owner.folder().doorbells(m_view.instanceHex));
    m_writerLock = std::move(writerLock);
}

Status Publisher::lock(os::Wait wait)
{
    // Publishing takes less time than composing a message or reading a clock, so do both only when necessary.
    if (!m_view.isOfThisProcess())
        return m_view.notOfThisProcess();
    if (!m_view.isWritable)
        return errors::openForReadingOnly(m_view.name);
    if (isHeldByThisThread())
        return Error{ErrorCode::Busy,
                     "this thread is already writing to \"" + m_view.name + "\"; end that write first"};
    std::unique_lock<std::timed_mutex> lock(m_mutex, std::try_to_lock);
    if (!lock) {
        const auto deadline = std::chrono::steady_clock::now() + wait.nanoseconds();
        // By duration: for the thread sanitizer, libstdc++ 13 and later cannot wait until a time of the steady clock.
        if (!lock.try_lock_for(wait.nanoseconds()))
            return Error{ErrorCode::Busy, "another thread of this program is writing to \"" + m_view.name
                                              + "\"; try again, or wait longer"};
        wait = deadline - std::chrono::steady_clock::now();
    }
    if (m_owner.isClosed()) {
        // The owner is in this process and has not closed the segment, so the record is corrupt.
        if (m_view.isOwned && !m_owner.isGone())
            return Error{ErrorCode::Corrupt,
                         "the record of \"" + m_view.name
                             + "\" was overwritten by another program; close the segment and create it again"};
        return errors::ownerGone(m_view.name);
    }
    if (m_writerLock) {
        if (Status locked = lockForOthers(wait); !locked)
            return locked;
        // The owner may have closed or replaced the segment while this waited.
        if (m_owner.isClosed()) {
            m_writerLock->unlock();
            return errors::ownerGone(m_view.name);
        }
    }
    m_thread.store(std::this_thread::get_id(), std::memory_order_relaxed);
    static_cast<void>(lock.release()); // Stays locked until unlock().
    return {};
}

Status Publisher::lockForOthers(os::Wait wait)
{
    switch (m_writerLock->lock(wait.nanoseconds())) {
    case os::WriterLock::Outcome::Locked:
        break;
    case os::WriterLock::Outcome::OwnerDied:
        // The dead writer may have published without notifying the listeners.
        m_content.recover();
        m_notifier->notifyAll();
        break;
    case os::WriterLock::Outcome::TimedOut:
        return heldByAnother();
    case os::WriterLock::Outcome::Failed:
        return Error{ErrorCode::Corrupt, "the writers' lock of \"" + m_view.name + "\" is damaged; create it again"};
    }
    return {};
}

Error Publisher::heldByAnother() const
{
    // The holder's id is a number in the holder's pid namespace, which may differ from this process's.
    const std::uint64_t holder = m_writerLock->holder();
    const bool isSeen = holder != 0
                     && os::hasMapped(holder, m_owner.folder().folder().pathOf(recordFileName(m_view.name)));
    return {ErrorCode::Busy, "another writer" + (isSeen ? ", " + os::describeProcess(holder) + "," : std::string())
                                 + " holds \"" + m_view.name + "\"; try again, or wait longer"};
}

void Publisher::unlock()
{
    // In a forked child, the lock belongs to the parent.
    if (!m_view.isOfThisProcess())
        return;
    m_thread.store(std::thread::id(), std::memory_order_relaxed);
    if (m_writerLock)
        m_writerLock->unlock();
    m_mutex.unlock();
}

void Publisher::announce()
{
    if (m_notifier)
        m_notifier->notify();
    if (m_observers.hasArmed())
        m_observers.notify();
}

void Publisher::announceAll()
{
    // A separate notifier, because a writer thread of this process may be using this one.
    if (m_notifier)
        UpdateNotifier::forSameRecord(*m_notifier).notifyAll();
    m_observers.notify();
}

} // namespace sharedsegment::engine
