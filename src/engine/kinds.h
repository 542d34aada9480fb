// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "content.h"

#include <memory>

namespace sharedsegment::engine {

/// The content of a segment of ours, by its kind. A new kind is a class and a row of the table in kinds.cpp.
std::unique_ptr<Content> makeContent(const SegmentView &view);

} // namespace sharedsegment::engine
