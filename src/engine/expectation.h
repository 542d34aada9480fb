// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "kind.h"
#include "layout.h"
#include "segment.h"

#include "../os/error.h"

#include <cstdint>
#include <span>

namespace sharedsegment::engine {

/// Whether an opened segment is what the caller expects.
/// @param layout the expected layout; an invalid one expects none
/// @param capacity the expected capacity; 0 expects none
/// @param kinds the expected kinds of content, of which external memory counts as an array of fixed count; none: any
/// @returns LayoutMismatch, with both layouts, kinds or capacities, the difference and the remedy.
SHAREDSEGMENTENGINE_EXPORT Status checkExpectation(const Segment &segment, const Layout &layout, std::uint64_t capacity,
                                                   std::span<const Kind> kinds = {});

} // namespace sharedsegment::engine
