// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "content.h"

#include <memory>

namespace sharedsegment::engine {

/// The content of a segment of ours, whose kind isKnown(). A new kind is a class, a row of the table in kinds.cpp, and one of KnownKinds.
std::unique_ptr<Content> makeContent(const SegmentView &view);

} // namespace sharedsegment::engine
