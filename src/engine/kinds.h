// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "content.h"

#include <memory>

namespace sharedsegment::engine {

/// The content of a segment of ours, whose kind isKnown(). A new kind is a class, a row of the table in kinds.cpp, and one of KnownKinds.
std::unique_ptr<Content> makeContent(const SegmentView &view);

/// Makes `content` the newest of a new memory. Only for the owner, before the segment is published.
/// @param revision its number, time and, for arrays, its number of elements
void startContent(std::byte *memory, const Geometry &geometry, const Pieces &content, const RevisionInfo &revision);

} // namespace sharedsegment::engine
