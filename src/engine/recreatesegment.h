// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "createsegment.h"
#include "ownership.h"

#include "../os/wait.h"

#include <cstdint>
#include <string_view>

namespace sharedsegment::engine {

/// Replaces an owned segment by one of another capacity and other metadata: a new instance, complete with the newest
/// revision, whose number, times and count go on, as does its source. It takes the name in one step: the name is never free
/// in between. Those that have the old one open learn that it was replaced (OwnerMonitor::isReplaced()).
/// @param ownership ends on success; on failure everything is as before
/// @param wait how long to wait for other writers
/// @returns InvalidSize when the capacity is less than the newest revision's count, InvalidState when this thread has a
/// transaction open, Busy when other writers hold the lock for all of `wait`, AlreadyExists when another file lies in
/// the record's place.
SHAREDSEGMENTENGINE_EXPORT Result<CreatedSegment> recreateSegment(Ownership &ownership, std::uint64_t capacity,
                                                                  std::string_view metadata, os::Wait wait);

} // namespace sharedsegment::engine
