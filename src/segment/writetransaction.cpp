// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Writing to a segment: whole revisions, and transactions.

#include "segment.h"

#include "../os/system.h"
#include "copy.h"
#include "name.h"

#include <cstring>
#include <exception>
#include <utility>

namespace sharedsegment::segment {

Status Segment::lockForWriting(os::Wait wait)
{
    // Publishing takes less time than composing a message or reading a clock, so do both only when necessary.
    if (!isOfThisProcess())
        return notOfThisProcess();
    if (!m_isWritable)
        return Error{ErrorCode::PermissionDenied, "\"" + m_name + "\" is open for reading only; open it ReadWrite"};
    if (m_writingThread.load(std::memory_order_relaxed) == std::this_thread::get_id())
        return Error{ErrorCode::Busy, "this thread is already writing to \"" + m_name + "\"; end that write first"};
    if (!m_writing.try_lock()) {
        const auto deadline = std::chrono::steady_clock::now() + wait.nanoseconds();
        // By duration: for the thread sanitizer, libstdc++ 13 and later cannot wait until a time of the steady clock.
        if (!m_writing.try_lock_for(wait.nanoseconds()))
            return Error{ErrorCode::Busy,
                         "another thread of this program is writing to \"" + m_name + "\"; try again, or wait longer"};
        wait = deadline - std::chrono::steady_clock::now();
    }
    if (isClosedByOwner()) {
        m_writing.unlock();
        // The owner is in this process and has not closed the segment, so the record is corrupt.
        if (m_isLocal && !m_isOwnerGone.load(std::memory_order_relaxed))
            return Error{ErrorCode::Corrupt,
                         "the record of \"" + m_name
                             + "\" was overwritten by another program; close the segment and create it again"};
        return Error{ErrorCode::NotFound,
                     "the owner of \"" + m_name + "\" is gone and nothing can be published; start the next one"};
    }
    if (m_writerLock) {
        switch (m_writerLock->lock(wait.nanoseconds())) {
        case os::WriterLock::Outcome::Locked:
            break;
        case os::WriterLock::Outcome::OwnerDied:
            // The dead writer may have published without notifying the listeners.
            m_buffers.recover();
            m_notifier->notifyAll();
            break;
        case os::WriterLock::Outcome::TimedOut:
            m_writing.unlock();
            return heldByAnother();
        case os::WriterLock::Outcome::Failed:
            m_writing.unlock();
            return Error{ErrorCode::Corrupt, "the writers' lock of \"" + m_name + "\" is damaged; create it again"};
        }
    }
    m_writingThread.store(std::this_thread::get_id(), std::memory_order_relaxed);
    return {};
}

Error Segment::heldByAnother() const
{
    // The holder's id is a number in the holder's pid namespace, which may differ from this process's.
    const std::uint64_t holder = m_writerLock->holder();
    const bool isSeen = holder != 0 && os::hasMapped(holder, m_folder->pathOf(recordFileName(m_name)));
    return {ErrorCode::Busy, "another writer" + (isSeen ? ", " + os::describeProcess(holder) + "," : std::string())
                                 + " holds \"" + m_name + "\"; try again, or wait longer"};
}

void Segment::unlockForWriting()
{
    // The lock belongs to the parent.
    if (!isOfThisProcess())
        return;
    m_writingThread.store(std::thread::id(), std::memory_order_relaxed);
    if (m_writerLock)
        m_writerLock->unlock();
    m_writing.unlock();
}

std::uint64_t Segment::publishBuffer()
{
    std::uint64_t revision = 0;
    if (m_external) {
        revision = m_external->countRevision();
    } else {
        revision = m_buffers.publish(os::wallClock());
        m_notifier->notify();
    }
    if (m_hasArmedObservers.load(std::memory_order_acquire))
        notifyObservers();
    return revision;
}

Result<std::uint64_t> Segment::publish(std::span<const std::byte> bytes, os::Wait wait)
{
    if (bytes.size() != m_geometry.payloadSize)
        return Error{ErrorCode::InvalidSize, "\"" + m_name + "\" takes " + amount(m_geometry.payloadSize) + ", not "
                                                 + amount(bytes.size()) + "; publish them all"};
    if (Status locked = lockForWriting(wait); !locked)
        return locked.error();
    if (m_external) {
        if (Status written = m_external->memory.write(bytes, m_external->offset); !written) {
            unlockForWriting();
            return written.error();
        }
    } else {
        copyShared(m_buffers.begin().data(), bytes.data(), bytes.size());
    }
    const std::uint64_t revision = publishBuffer();
    unlockForWriting();
    return revision;
}

Result<WriteTransaction> Segment::beginWrite(os::Wait wait)
{
    if (Status locked = lockForWriting(wait); !locked)
        return locked.error();
    if (!m_external && !m_buffers.isWhole()) {
        unlockForWriting();
        return Error{ErrorCode::Busy, "a write to \"" + m_name
                                          + "\" was interrupted and its value lost; publish a whole value, not a part"};
    }
    // With one buffer, the revision is assembled in a staging area. Then it can be discarded, and readers wait only for
    // the copy.
    const bool isStaged = m_geometry.bufferCount == 1;
    const auto size = static_cast<std::size_t>(m_geometry.payloadSize);
    std::span<std::byte> bytes;
    if (isStaged) {
        try {
            m_staging.resize(size + BufferAlignment);
            if (m_external)
                m_external->before.resize(size);
        } catch (const std::exception &) {
            unlockForWriting();
            return Error{ErrorCode::OutOfMemory,
                         "there is no memory for a revision of \"" + m_name + "\"; write it whole instead of in parts"};
        }
        const auto address = reinterpret_cast<std::uintptr_t>(m_staging.data());
        bytes = {m_staging.data() + (BufferAlignment - address % BufferAlignment), size};
    } else {
        bytes = m_buffers.begin();
    }
    if (m_external) {
        if (Status read = m_external->memory.read(m_external->before, m_external->offset); !read) {
            unlockForWriting();
            return read.error();
        }
    }
    std::memcpy(bytes.data(), m_external ? m_external->before.data() : m_buffers.newest().data(), size);
    return WriteTransaction(shared_from_this(), bytes, isStaged);
}

WriteTransaction::WriteTransaction(std::shared_ptr<Segment> segment, std::span<std::byte> bytes, bool isStaged)
    : m_segment(std::move(segment))
    , m_bytes(bytes)
    , m_isStaged(isStaged)
{
}

WriteTransaction::WriteTransaction(WriteTransaction &&other) noexcept
    : m_segment(std::move(other.m_segment))
    , m_bytes(other.m_bytes)
    , m_isStaged(other.m_isStaged)
{
}

WriteTransaction::~WriteTransaction()
{
    // Unpublished content stays invisible: readers use the newest revision only.
    if (m_segment)
        m_segment->unlockForWriting();
}

std::uint64_t WriteTransaction::publish()
{
    const std::shared_ptr<Segment> segment = std::move(m_segment);
    std::uint64_t revision = 0;
    if (!segment->isOfThisProcess())
        return revision;
    if (segment->m_external) {
        if (segment->m_external->writeChanges(m_bytes, segment->m_layout->elementSize()))
            revision = segment->publishBuffer();
    } else if (!segment->isClosedByOwner()) {
        if (m_isStaged)
            copyShared(segment->m_buffers.begin().data(), m_bytes.data(), m_bytes.size());
        revision = segment->publishBuffer();
    }
    segment->unlockForWriting();
    return revision;
}

ScopedWriteTransaction::ScopedWriteTransaction(WriteTransaction transaction)
    : m_transaction(std::move(transaction))
    , m_exceptions(std::uncaught_exceptions())
{
}

ScopedWriteTransaction::ScopedWriteTransaction(ScopedWriteTransaction &&other) noexcept
    : m_transaction(std::move(other.m_transaction))
    , m_exceptions(other.m_exceptions)
{
    other.m_transaction.reset();
}

ScopedWriteTransaction::~ScopedWriteTransaction()
{
    if (std::uncaught_exceptions() <= m_exceptions)
        publish();
}

std::optional<std::uint64_t> ScopedWriteTransaction::publish()
{
    const std::uint64_t revision = m_transaction ? m_transaction->publish() : 0;
    discard();
    return revision == 0 ? std::nullopt : std::optional(revision);
}

} // namespace sharedsegment::segment
