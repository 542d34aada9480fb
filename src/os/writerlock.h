// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <cstddef>

namespace sharedsegment::os {

/// A lock between the writers of a segment, in 64 bytes of shared memory. It outlives the death of whoever holds it.
///
/// Must be released by the thread that took it.
class WriterLock
{
public:
    static constexpr std::size_t Size = 64;
    enum class Outcome {
        Locked,
        OwnerDied, ///< locked; who held it before died with its work undone
        TimedOut,
        Failed, ///< the bytes are not a lock
    };

    /// Prepares the bytes. Only for who made the memory, before anybody else can see it.
    static void initialize(void *bytes);

    static Outcome lock(void *bytes, std::chrono::nanoseconds wait);
    static void unlock(void *bytes);
};

} // namespace sharedsegment::os
