// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"

#include "../os/handle.h"
#include "../os/processwatch.h"

#include <utility>

namespace sharedsegment::segment {

/// Tells when the owner of an instance is gone.
///
/// A system may tell so before it frees the owner's lock, above all when the process becomes another program. Therefore this process
/// remembers the instances whose end it was told of: the registry takes their records for closing ones, and nobody here opens them again.
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
    /// Readable (POSIX) or signalled (Windows) once the owner is gone, and perhaps before: see hasEnded().
    os::Handle::Native native() const { return m_watch.native(); }

    /// Whether the owner is gone. Never waits.
    bool hasEnded() const;

private:
    os::ProcessWatch m_watch;
    InstanceId m_instance = {};
};

/// Whether an OwnerWatch of this process has told of the end of the instance's owner.
bool isKnownToHaveEnded(const InstanceId &instance);

} // namespace sharedsegment::segment
