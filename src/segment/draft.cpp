// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Writing to a segment, whole or by a draft.

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
    // Publishing takes less time than making a sentence or looking at a clock: both only when they are needed.
    if (!isOfThisProcess())
        return notOfThisProcess();
    if (!m_isWritable)
        return Error{ErrorCode::PermissionDenied, "\"" + m_name + "\" is open for reading only; open it ReadWrite"};
    if (m_writingThread.load(std::memory_order_relaxed) == std::this_thread::get_id())
        return Error{ErrorCode::Busy, "this thread is already writing to \"" + m_name + "\"; end that write first"};
    if (!m_writing.try_lock()) {
        const auto deadline = std::chrono::steady_clock::now() + wait.nanoseconds();
        // By duration: for the thread sanitizer, libstdc++ 13 and later has no wait until a moment of the steady clock.
        if (!m_writing.try_lock_for(wait.nanoseconds()))
            return Error{ErrorCode::Busy,
                         "another thread of this program is writing to \"" + m_name + "\"; try again, or wait longer"};
        wait = deadline - std::chrono::steady_clock::now();
    }
    if (isClosedByOwner()) {
        m_writing.unlock();
        // The owner is in this process and has not closed it.
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
            // Whatever the dead writer had published last may not have been rung for.
            m_frames.recover();
            m_ringer->ringAll();
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
    // The id is a number of the holder's own view of the processes, which need not be this one's.
    const std::uint64_t holder = m_writerLock->holder();
    const bool isSeen = holder != 0 && os::hasMapped(holder, m_folder->pathOf(recordFileName(m_name)));
    return {ErrorCode::Busy, "another writer" + (isSeen ? ", " + os::describeProcess(holder) + "," : std::string())
                                 + " holds \"" + m_name + "\"; try again, or wait longer"};
}

void Segment::unlockForWriting()
{
    // The lock is its parent's.
    if (!isOfThisProcess())
        return;
    m_writingThread.store(std::thread::id(), std::memory_order_relaxed);
    if (m_writerLock)
        m_writerLock->unlock();
    m_writing.unlock();
}

std::uint64_t Segment::publishFrame()
{
    std::uint64_t revision = 0;
    if (m_foreign) {
        revision = m_foreign->countRevision();
    } else {
        revision = m_frames.publish(os::wallClock());
        m_ringer->ring();
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
    if (m_foreign) {
        if (Status written = m_foreign->memory.write(bytes, m_foreign->offset); !written) {
            unlockForWriting();
            return written.error();
        }
    } else {
        copyShared(m_frames.begin().data(), bytes.data(), bytes.size());
    }
    const std::uint64_t revision = publishFrame();
    unlockForWriting();
    return revision;
}

Result<Draft> Segment::startRevision(os::Wait wait)
{
    if (Status locked = lockForWriting(wait); !locked)
        return locked.error();
    if (!m_foreign && !m_frames.isWhole()) {
        unlockForWriting();
        return Error{ErrorCode::Busy, "a write to \"" + m_name
                                          + "\" was interrupted and its value lost; publish a whole value, not a part"};
    }
    // With one frame the revision is put together aside, so that it can be discarded and readers wait for the copy alone.
    const bool isStaged = m_geometry.frameCount == 1;
    const auto size = static_cast<std::size_t>(m_geometry.payloadSize);
    std::span<std::byte> bytes;
    if (isStaged) {
        try {
            m_staging.resize(size + FrameAlignment);
            if (m_foreign)
                m_foreign->before.resize(size);
        } catch (const std::exception &) {
            unlockForWriting();
            return Error{ErrorCode::OutOfMemory,
                         "there is no memory for a revision of \"" + m_name + "\"; write it whole instead of in parts"};
        }
        const auto address = reinterpret_cast<std::uintptr_t>(m_staging.data());
        bytes = {m_staging.data() + (FrameAlignment - address % FrameAlignment), size};
    } else {
        bytes = m_frames.begin();
    }
    if (m_foreign) {
        if (Status read = m_foreign->memory.read(m_foreign->before, m_foreign->offset); !read) {
            unlockForWriting();
            return read.error();
        }
    }
    std::memcpy(bytes.data(), m_foreign ? m_foreign->before.data() : m_frames.newest().data(), size);
    return Draft(shared_from_this(), bytes, isStaged);
}

Draft::Draft(std::shared_ptr<Segment> segment, std::span<std::byte> bytes, bool isStaged)
    : m_segment(std::move(segment))
    , m_bytes(bytes)
    , m_isStaged(isStaged)
{
}

Draft::Draft(Draft &&other) noexcept
    : m_segment(std::move(other.m_segment))
    , m_bytes(other.m_bytes)
    , m_isStaged(other.m_isStaged)
{
}

Draft::~Draft()
{
    // An opened frame that is not published stays closed to readers, who look at the newest revision alone.
    if (m_segment)
        m_segment->unlockForWriting();
}

std::uint64_t Draft::publish()
{
    const std::shared_ptr<Segment> segment = std::move(m_segment);
    std::uint64_t revision = 0;
    if (!segment->isOfThisProcess())
        return revision;
    if (segment->m_foreign) {
        if (segment->m_foreign->writeChanges(m_bytes, segment->m_layout->elementSize()))
            revision = segment->publishFrame();
    } else if (!segment->isClosedByOwner()) {
        if (m_isStaged)
            copyShared(segment->m_frames.begin().data(), m_bytes.data(), m_bytes.size());
        revision = segment->publishFrame();
    }
    segment->unlockForWriting();
    return revision;
}

ScopedDraft::ScopedDraft(Draft draft)
    : m_draft(std::move(draft))
    , m_exceptions(std::uncaught_exceptions())
{
}

ScopedDraft::ScopedDraft(ScopedDraft &&other) noexcept
    : m_draft(std::move(other.m_draft))
    , m_exceptions(other.m_exceptions)
{
    other.m_draft.reset();
}

ScopedDraft::~ScopedDraft()
{
    if (std::uncaught_exceptions() <= m_exceptions)
        publish();
}

std::optional<std::uint64_t> ScopedDraft::publish()
{
    const std::uint64_t revision = m_draft ? m_draft->publish() : 0;
    discard();
    return revision == 0 ? std::nullopt : std::optional(revision);
}

} // namespace sharedsegment::segment
