// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include <cstdint>

namespace sharedsegment::engine {

/// Returns whether memory for `count` items of `size` bytes is available, as far as the system tells it. Another process
/// determines the sizes in a segment, and containers end the program when an allocation fails.
SHAREDSEGMENTENGINE_EXPORT bool hasMemoryFor(std::int64_t count, std::int64_t size = 1);

} // namespace sharedsegment::engine
