// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "layout.h"
#include "segment.h"

#include "../os/error.h"

#include <cstdint>

namespace sharedsegment::engine {

/// Whether an opened segment is what the caller expects.
/// @param layout the expected layout; an invalid one expects none
/// @param length the expected number of elements; 0 expects none
/// @returns LayoutMismatch, with both layouts or lengths, the first difference and the remedy.
SHAREDSEGMENTENGINE_EXPORT Status checkExpectation(const Segment &segment, const Layout &layout, std::uint64_t length);

} // namespace sharedsegment::engine
