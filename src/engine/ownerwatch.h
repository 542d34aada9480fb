// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "format.h"

#include "../os/error.h"
#include "../os/handle.h"
#include "../os/processwatch.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace sharedsegment::engine {

/// Reports the end of an instance's owner. Owns a handle for an event loop; the owner is unaffected.
///
/// A system may report the end before it releases the owner's lock, above all when the process becomes another program.
/// Therefore this process remembers the instances whose end it has seen (knowninstances.h): the registry treats their
/// records as closing, and this process does not open them again.
class SHAREDSEGMENTENGINE_EXPORT OwnerWatch
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

    /// Watches the owner's mark or, if it has none, the owner's process.
    /// @param isOwnerPidVisible confirms that the process with the owner's pid has the record open: a pid may mean another
    /// process here
    /// @returns Unsupported when the owner cannot be watched: it is in another pid namespace, or just ending.
    static Result<OwnerWatch> start(const std::string &markPath, const InstanceId &instance, std::uint64_t pid,
                                    const std::function<bool()> &isOwnerPidVisible);

    /// Whether the owner has ended. Never waits. If so, this process remembers the instance.
    bool hasEnded() const;

private:
    os::ProcessWatch m_watch;
    InstanceId m_instance = {};
};

} // namespace sharedsegment::engine
