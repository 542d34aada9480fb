// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "revisiontimes.h"
#include "segment.h"

#include "../os/wait.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace sharedsegment::engine {

/// Appends whole elements to a stream: with one time and one notification. More than the capacity goes in pieces of at
/// most a quarter of it, each of them with its own. Waits at most `wait` for other writers.
/// @returns the new position; InvalidState when the segment is no stream, InvalidSize when the last element is not whole
/// or, with multiple writers, when there are more than the capacity, or the errors of Publisher::lock(). Then nothing has
/// changed.
SHAREDSEGMENTENGINE_EXPORT Result<std::uint64_t> append(Segment &segment, std::span<const std::byte> bytes,
                                                        os::Wait wait);
/// Like append(), for a mirror of another host's stream: with the times of what it mirrors. Without a timestamp: now.
SHAREDSEGMENTENGINE_EXPORT Result<std::uint64_t> appendMirrored(Segment &segment, std::span<const std::byte> bytes,
                                                                const RevisionTimes &times, os::Wait wait);
/// Goes on `count` elements further on, for a mirror of another host's stream whose elements did not arrive. Readers count
/// them as lost, with all before them that they have not read yet. One notification, no new time.
/// @returns the new position; InvalidState when the segment is no stream or has multiple writers, InvalidSize when the
/// position would pass 2^63, or the errors of Publisher::lock(). Then nothing has changed.
SHAREDSEGMENTENGINE_EXPORT Result<std::uint64_t> skip(Segment &segment, std::uint64_t count, os::Wait wait);

} // namespace sharedsegment::engine
