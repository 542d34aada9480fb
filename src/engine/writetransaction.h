// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "publisher.h"
#include "segment.h"

#include "../os/wait.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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
    ~WriteTransaction();

    /// Begins the next revision as a copy of the newest. Waits at most `wait` for other writers.
    /// @returns the errors of Publisher::lock(), and Busy when the newest revision is incomplete (one buffer),
    /// OutOfMemory when there is no memory to assemble a revision of one buffer. Then the lock is free.
    static Result<WriteTransaction> begin(Segment &segment, os::Wait wait);

    bool isActive() const { return m_lock.isHeld(); }
    /// The bytes of the whole revision; empty if the transaction is not active.
    std::span<std::byte> bytes() const { return m_bytes; }

    /// Publishes the revision and ends the transaction.
    /// @returns the revision's number; nothing when nothing was published: there was no transaction, the segment was
    /// closed meanwhile, external memory was not writable, or this is a forked child of the process that began it.
    std::optional<std::uint64_t> publish();
    /// Ends the transaction; the newest revision is as before.
    void discard();

private:
    std::shared_ptr<Segment> m_segment; ///< outlives m_lock
    PublishLock m_lock;
    std::span<std::byte> m_bytes;
    int m_exceptions = 0;
};

/// Publishes `bytes`, a whole revision. Waits at most `wait` for other writers. @returns its number, or InvalidSize or
/// the errors of Publisher::lock(); then nothing has changed.
SHAREDSEGMENTENGINE_EXPORT Result<std::uint64_t> publish(Segment &segment, std::span<const std::byte> bytes,
                                                         os::Wait wait);

} // namespace sharedsegment::engine
