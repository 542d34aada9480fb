// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sharedsegment::os {

/// A lock between the writers of a segment. It outlives the death of whoever holds it. Must be released by the thread that took it.
///
/// It lies in 64 bytes of shared memory or, where the system has no lock that survives there, in the system, under a name.
class WriterLock
{
public:
    static constexpr std::size_t Size = 64;
    enum class Outcome {
        Locked,
        OwnerDied, ///< locked; who held it before died with its work undone
        TimedOut,
        Failed, ///< the bytes are not a lock, or the system refuses
    };

    /// Makes the lock. Only for who made the memory that `bytes` lie in, before anybody else can see it.
    /// @param path a name in the registry folder, for systems that need one
    static Result<WriterLock> create(void *bytes, const std::string &path);

    /// The lock that another process made there. @returns NotFound when there is none (any more).
    static Result<WriterLock> open(void *bytes, const std::string &path);

    /// Takes its name away, where it is one in the folder.
    static void remove(const std::string &path);

    Outcome lock(std::chrono::nanoseconds wait);
    void unlock();

    /// The process that has it now, as it is seen from here, for error texts; 0 where that is not known.
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
    std::string m_path;                                ///< its name, or the file's
    [[maybe_unused]] WriterLock *m_nextHeld = nullptr; ///< Windows: of those that this thread holds
};

} // namespace sharedsegment::os
