// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "geometry.h"
#include "layout.h"

#include "../os/mapping.h"
#include "../os/memory.h"
#include "../os/processtoken.h"

#include <memory>
#include <string>

namespace sharedsegment::engine {

/// A segment's memory as this process has mapped it, with what was validated of it then. Owns the mapping.
///
/// Constant once it is filled: all threads may read it.
struct SHAREDSEGMENTENGINE_EXPORT SegmentView
{
    std::string name;
    std::string instanceHex;
    Geometry geometry;
    std::shared_ptr<const Layout> layout;
    std::string metadata; ///< as its owner gave it: text of one JSON object, or any bytes
    os::Backend backend = os::Backend::Automatic;
    bool isOwned = false; ///< by this process
    bool isWritable = false;
    os::Mapping memory;
    os::ProcessToken process = os::processToken(); ///< of the process that opened it

    /// Whether this process opened the segment. In a forked child of the opening process the segment is read-only: the
    /// child neither writes nor unlocks it, and calls no observers.
    bool isOfThisProcess() const { return os::isThisProcess(process); }
    /// The error of a write attempt in a forked child.
    Error notOfThisProcess() const;
    /// Whether the revisions are counted in this process: it owns the segment, or its memory has no protocol.
    bool isLocal() const { return isOwned || geometry.kind == Kind::External; }
    /// Whether all updates come from this process (for external memory: from its polls and writes). They arrive through
    /// observers, and no doorbell is needed.
    bool hasOnlyLocalWriters() const { return isLocal() && !geometry.hasMultipleWriters(); }
    /// See Layout::amount().
    std::string amount(std::uint64_t bytes) const { return layout->amount(bytes); }
};

} // namespace sharedsegment::engine
