// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "publisher.h"
#include "revisiontimes.h"
#include "segment.h"

#include "../os/wait.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sharedsegment::engine {

/// A write transaction: the next revision while it is being written. Holds the lock of the segment's writers.
///
/// The destructor publishes the revision, unless it was discarded or an exception is leaving the scope. Belongs to the
/// thread that began it. In a forked child it touches neither memory nor lock. Move-only.
class SHAREDSEGMENTENGINE_EXPORT WriteTransaction
{
public:
    /// Makes an empty transaction.
    WriteTransaction() = default;
    WriteTransaction(WriteTransaction &&other) noexcept;
    /// Publishes the own revision first.
    WriteTransaction &operator=(WriteTransaction &&other) noexcept;
    ~WriteTransaction()
    {
        if (m_segment)
            leaveScope();
    }

    /// Begins the next revision as a copy of the newest. Waits at most `wait` for other writers. For a transaction that
    /// is not active.
    /// @returns the errors of Publisher::lock(), and Busy when the newest revision is incomplete (one buffer),
    /// OutOfMemory when there is no memory to assemble a revision of one buffer. Then the lock is free, and the
    /// transaction is not active.
    Status begin(Segment &segment, os::Wait wait);

    bool isActive() const { return m_lock.isHeld(); }
    /// The segment that is written; null if the transaction is not active.
    const std::shared_ptr<Segment> &segment() const { return m_segment; }
    /// The bytes of the whole revision; empty if the transaction is not active.
    std::span<std::byte> bytes() const { return m_next.space.first(m_next.size); }
    /// Gives the revision another number of bytes. Bytes that are new are zero.
    /// @returns InvalidSize when a revision cannot have that many; then nothing has changed.
    Status resize(std::size_t bytes);

    /// Publishes the revision and ends the transaction, also on failure.
    /// @returns the revision's number; InvalidState when the transaction is not active, PermissionDenied in a forked
    /// child, NotFound when the segment was closed meanwhile, or the errors of external memory.
    Result<std::uint64_t> publish();
    /// Ends the transaction; the newest revision is as before.
    void discard();

private:
    /// Publishes, unless an exception is leaving the scope.
    void leaveScope();
    Result<std::uint64_t> commit();

    std::shared_ptr<Segment> m_segment; ///< outlives m_lock
    PublishLock m_lock;
    Content::Next m_next;
    int m_exceptions = 0;
};

/// Publishes `bytes`, a whole revision. Waits at most `wait` for other writers. @returns its number, or InvalidSize or
/// the errors of Publisher::lock(); then nothing has changed.
SHAREDSEGMENTENGINE_EXPORT Result<std::uint64_t> publish(Segment &segment, std::span<const std::byte> bytes,
                                                         os::Wait wait);
/// Like publish(), for a mirror of another host's segment: with the times of what it mirrors. Without a timestamp: now.
SHAREDSEGMENTENGINE_EXPORT Result<std::uint64_t> publishMirrored(Segment &segment, std::span<const std::byte> bytes,
                                                                 const RevisionTimes &times, os::Wait wait);

} // namespace sharedsegment::engine
