// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "layout.h"
#include "registry.h"
#include "segment.h"

#include "../os/externalmemory.h"
#include "../os/mapping.h"

#include <cstdint>
#include <memory>
#include <string_view>

namespace sharedsegment::engine {

/// Opens a living owner's segment. Within the owner's process, all users share the owner's mapping.
/// @returns PermissionDenied for write access to a segment with a single writer, except in the owner's process.
SHAREDSEGMENTENGINE_EXPORT Result<std::shared_ptr<Segment>> openSegment(const Registry &registry, std::string_view name,
                                                                        os::Access access);

/// Opens external memory as `capacity` elements of `layout` (0: as many as fit), starting at byte `offset`. Such a segment
/// has no notifications, no lock and no buffers: see ExternalContent, and Segment::refresh().
/// @returns InvalidSize when the memory is too small for the elements.
SHAREDSEGMENTENGINE_EXPORT Result<std::shared_ptr<Segment>> openExternal(os::ExternalMemory memory,
                                                                         const Layout &layout, std::uint64_t offset,
                                                                         std::uint64_t capacity, os::Access access);

} // namespace sharedsegment::engine
