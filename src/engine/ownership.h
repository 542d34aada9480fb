// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "segment.h"

#include "../os/memory.h"
#include "../os/ownermark.h"
#include "../os/recordfile.h"

#include <memory>

namespace sharedsegment::engine {

/// The ownership of a name: owns the record file with its lock, the memory and its name, and the owner's mark. Keeps
/// the Segment alive.
///
/// The destructor frees the name, removes these objects and notifies all that have the segment open. It does nothing in
/// a forked child. The Segment itself may live on for its other users.
class SHAREDSEGMENTENGINE_EXPORT Ownership
{
public:
    /// For createSegment().
    Ownership(std::shared_ptr<Segment> segment, os::RecordFile file, os::Memory memory, os::MemoryLocation location,
              os::OwnerMark mark);
    ~Ownership();

    /// Ends this ownership in favour of another one that has replaced its record. All that have the segment open learn it
    /// and look up the name again. Removes the old objects, and releases the owner's lock last.
    void handOver();

    const std::shared_ptr<Segment> &segment() const { return m_segment; }
    os::RecordFile &record() { return m_file; }
    Ownership(const Ownership &) = delete;
    Ownership &operator=(const Ownership &) = delete;

private:
    /// Stores the record's state, removes all objects and notifies everybody.
    void end(RecordState state);

    std::shared_ptr<Segment> m_segment;
    os::RecordFile m_file;
    os::Memory m_memory;
    os::MemoryLocation m_location;
    os::OwnerMark m_mark;
};

} // namespace sharedsegment::engine
