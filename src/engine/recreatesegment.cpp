// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "recreatesegment.h"

#include "creation.h"
#include "errors.h"
#include "publisher.h"

#include <span>
#include <string>

namespace sharedsegment::engine {

Result<CreatedSegment> recreateSegment(Ownership &ownership, std::uint64_t capacity, std::string_view metadata,
                                       os::Wait wait)
{
    Segment &old = *ownership.segment();
    const Layout &layout = *old.layout();
    const Geometry &present = old.geometry();
    if (old.publisher().isHeldByThisThread())
        return Error{ErrorCode::InvalidState,
                     "this thread is writing to \"" + old.name() + "\"; end that write before the segment is replaced"};
    // From before the copy on, no writer publishes to the old one.
    PublishLock lock;
    if (Status locked = lock.acquire(old.publisher(), wait); !locked)
        return locked.error();

    if (!old.content().isWhole())
        return Error{ErrorCode::Busy, "a write to \"" + old.name()
                                          + "\" was interrupted and its value lost; publish a whole value first"};

    CreateOptions options;
    options.kind = present.kind;
    options.backend = old.view().backend;
    options.capacity = capacity;
    options.bufferCount = present.bufferCount;
    options.multipleWriters = present.hasMultipleWriters();
    options.metadata = metadata;
    options.source = old.owner().source();
    if (Status read = old.read({}, 0, &options.revision); !read)
        return read.error();
    const Pieces newest = old.content().newest();
    const std::uint64_t count = newest.size() / layout.elementSize();
    // A stream keeps as many as fit.
    if (capacity < count && options.kind != Kind::Stream)
        return Error{ErrorCode::InvalidSize, "\"" + old.name() + "\" has " + std::to_string(count)
                                                 + " elements, which do not fit into " + std::to_string(capacity)
                                                 + "; give a capacity of at least that"};
    const Result<Geometry> geometry =
        plan(layout, {options.kind, capacity, options.bufferCount, options.multipleWriters, metadata});
    if (!geometry)
        return geometry.error();
    if (options.revision.number != 0)
        options.content = newest;

    for (int tries = 0; tries < CreateTries; ++tries) {
        Creation creation(old.owner().folder(), old.name(), layout, options, *geometry, options.backend);
        if (Status made = creation.makeRecord(); !made)
            return made.error();
        if (Status mapped = creation.mapRecord(); !mapped) {
            if (mapped.error().code == ErrorCode::NotFound)
                continue;
            return mapped.error();
        }
        if (Status made = creation.makeMemory(); !made)
            return made.error();
        if (Status completed = creation.complete(); !completed)
            return completed.error();
        if (Status replaced = creation.replace(ownership.record()); !replaced)
            return replaced.error();
        CreatedSegment next = creation.finish();
        // Before the writers' lock is free: a writer that gets it finds the segment replaced.
        ownership.handOver();
        return next;
    }
    return errors::nameContested(old.name());
}

} // namespace sharedsegment::engine
