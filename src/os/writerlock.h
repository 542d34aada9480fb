// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"
#include "handle.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sharedsegment::os {

/// The lock between the writers of a segment. Survives the death of its holder: the next process gets the lock and the
/// outcome OwnerDied. Like a *robust mutex*, which it is on Linux. The thread that took the lock must release it.
///
/// The lock lies in 64 bytes of shared memory. On systems without a lock that survives its holder there, the lock is a
/// named object of the system. The object owns its handle, if any, never the shared memory, which must outlive it.
class SHAREDSEGMENTENGINE_EXPORT WriterLock
{
public:
    static constexpr std::size_t Size = 64;
    enum class Outcome {
        Locked,
        OwnerDied, ///< locked; the previous holder died in the middle of a write
        TimedOut,
        Failed, ///< the bytes are not a valid lock, or the system rejects it
    };

    /// Creates the lock. Only for the creator of the memory at `bytes`, before any other process can see it.
    /// @param path a name in the registry folder, for systems that need one; remove() deletes it
    static Result<WriterLock> create(void *bytes, const std::string &path);

    /// Opens the lock that another process created. @returns NotFound when it does not exist (any more).
    static Result<WriterLock> open(void *bytes, const std::string &path);

    /// Removes the lock's file, on systems where it is a file of the folder.
    static void remove(const std::string &path);

    /// Waits at most `wait` for the lock. This thread holds it after Locked and OwnerDied, and only then.
    Outcome lock(std::chrono::nanoseconds wait);
    /// Releases the lock. Only for the thread that holds it.
    void unlock();

    /// The current holder's process, as numbered here, for error texts; 0 if unknown.
    std::uint64_t holder() const;

private:
    explicit WriterLock(void *bytes)
        : m_bytes(bytes)
    {
    }
    WriterLock(Handle handle, std::string path)
        : m_handle(std::move(handle))
        , m_path(std::move(path))
    {
    }

    void *m_bytes = nullptr;
    Handle m_handle;                                   ///< of a mutex (Windows) or a file
    std::string m_path;                                ///< the name of the mutex or file
    [[maybe_unused]] WriterLock *m_nextHeld = nullptr; ///< Windows: the next lock that this thread holds
};

} // namespace sharedsegment::os
