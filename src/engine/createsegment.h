// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "layout.h"
#include "ownership.h"
#include "registry.h"
#include "segment.h"

#include "../os/memory.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace sharedsegment::engine {

/// The properties of a new segment.
struct CreateOptions
{
    os::Backend backend = os::Backend::Automatic;
    std::uint64_t length = 0;      ///< the number of elements
    std::uint32_t bufferCount = 0; ///< 0: see defaultBufferCount()
    bool multipleWriters = false;
    /// The whole first revision, present when the name appears. Empty: the segment starts with zeros.
    std::span<const std::byte> content = {};
};

/// A new segment, and the ownership of its name.
struct CreatedSegment
{
    std::shared_ptr<Segment> segment;
    std::unique_ptr<Ownership> ownership;
};

/// Creates and publishes a segment, zero-filled or with `options.content`.
/// @returns AlreadyExists when a living owner has the name. Leaves nothing behind on failure.
SHAREDSEGMENTENGINE_EXPORT Result<CreatedSegment> createSegment(const Registry &registry, std::string_view name,
                                                                const Layout &layout, const CreateOptions &options);

} // namespace sharedsegment::engine
