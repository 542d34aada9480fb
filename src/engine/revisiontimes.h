// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../os/system.h"

#include <cstdint>

namespace sharedsegment::engine {

/// When a revision was published, in ns since 1970 UTC.
struct RevisionTimes
{
    std::int64_t timestamp = 0;       ///< by the clock of this host; 0 if it is unknown
    std::int64_t sourceTimestamp = 0; ///< by the clock of the host that a mirror mirrors, else 0

    /// These times, or the present moment if they are unknown. Taking it last makes it the time of the publication.
    RevisionTimes orNow() const { return {timestamp != 0 ? timestamp : os::wallClock(), sourceTimestamp}; }
};

} // namespace sharedsegment::engine
