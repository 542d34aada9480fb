// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"

#include "../os/handle.h"
#include "../os/processwatch.h"

#include <utility>

namespace sharedsegment::segment {

/// Reports the end of an instance's owner. Owns a handle for an event loop; the owner is unaffected.
///
/// A system may report the end before it releases the owner's lock, above all when the process becomes another program.
/// Therefore this process remembers the instances whose end it has seen: the registry treats their records as closing,
/// and no Segment in this process opens them again.
class OwnerWatch
{
public:
    OwnerWatch() = default;
    OwnerWatch(os::ProcessWatch watch, const InstanceId &instance)
        : m_watch(std::move(watch))
        , m_instance(instance)
    {
    }

    bool isActive() const { return m_watch.isActive(); }
    /// Readable (POSIX) or signalled (Windows) once the owner has ended, and possibly before: see hasEnded().
    os::Handle::Native native() const { return m_watch.native(); }

    /// Whether the owner has ended. Never waits. If so, this process remembers the instance.
    bool hasEnded() const;

private:
    os::ProcessWatch m_watch;
    InstanceId m_instance = {};
};

/// Whether an OwnerWatch of this process has seen the end of the instance's owner. Thread-safe.
bool isKnownToHaveEnded(const InstanceId &instance);

} // namespace sharedsegment::segment
