// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "createsegment.h"

#include "../os/memory.h"
#include "../os/recordfile.h"
#include "creation.h"
#include "errors.h"
#include "name.h"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <thread>
#include <utility>

namespace sharedsegment::engine {

namespace {

constexpr std::chrono::milliseconds ClosingPause{1};

/// Whether the name fits the source: a program cannot pretend that its values are of another host.
Status checkSource(std::string_view name, Source source)
{
    if (isMirrorName(name) == (source != Source::Here))
        return {};
    return Error{ErrorCode::InvalidName,
                 '"' + std::string(name)
                     + (source == Source::Here ? "\" begins with \"@\", as only names of mirrors of other hosts "
                                                 "do; choose another name"
                                               : "\" is no name of a mirror; give it one such as \"@host/name\"")};
}

Error taken(std::string_view name, const FoundRecord &found)
{
    const std::string owner = found.owner();
    return {ErrorCode::AlreadyExists, "a living owner has the name \"" + std::string(name) + '"'
                                          + (owner.empty() ? std::string() : ": " + owner)
                                          + "; open it, or choose another name"};
}

/// Closing normally takes a moment; a longer time suggests that the owner is stopped.
Error closingTakesTooLong(std::string_view name, const FoundRecord &found)
{
    const std::string owner = found.owner();
    return {ErrorCode::Busy, (owner.empty() ? std::string() : owner + ", ") + "the owner of \"" + std::string(name)
                                 + "\", does not end closing it and may be stopped; try again, or continue or end "
                                   "that process"};
}

/// Waits until the name is free. Also sweeps a dead owner's record of this name.
/// @param paused how long the whole call has waited for owners that are closing
Status waitUntilFree(const RegistryFolder &folder, std::string_view name, std::chrono::milliseconds *paused)
{
    for (;; *paused += ClosingPause) {
        const Result<FoundRecord> found = folder.findTaken(name);
        if (!found)
            return found.error().code == ErrorCode::NotFound ? Status() : found.error();
        if (!found->isClosing())
            return taken(name, *found);
        // The name becomes free in a moment.
        if (*paused >= os::RecordFile::LockWait)
            return closingTakesTooLong(name, *found);
        std::this_thread::sleep_for(ClosingPause);
    }
}

} // namespace

Result<CreatedSegment> createSegment(const Registry &registry, std::string_view name, const Layout &layout,
                                     const CreateOptions &options)
{
    if (Status status = checkName(name); !status)
        return status.error();
    if (Status fitting = checkSource(name, options.source); !fitting)
        return fitting.error();
    const Result<Geometry> geometry =
        plan(layout, {options.kind, options.capacity, options.bufferCount, options.multipleWriters, options.metadata});
    if (!geometry)
        return geometry.error();
    const std::size_t given = options.content.size();
    const bool fits = options.kind == Kind::FixedArray
                        ? given == geometry->payloadSize
                        : given <= geometry->payloadSize && given % layout.elementSize() == 0;
    if (given != 0 && !fits)
        return Error{ErrorCode::InvalidSize, "\"" + std::string(name) + "\" takes "
                                                 + layout.amount(geometry->payloadSize) + ", not "
                                                 + layout.amount(given) + "; give the first revision whole"};
    const Result<RegistryFolder> folder = registry.create();
    if (!folder)
        return folder.error();
    const std::span<const os::Backend> usable = os::Memory::backends();
    const bool isAutomatic = options.backend == os::Backend::Automatic && !usable.empty();
    os::Backend backend = isAutomatic ? usable.front() : options.backend;

    std::chrono::milliseconds paused{0};
    for (int tries = 0; tries < CreateTries; ++tries) {
        if (Status free = waitUntilFree(*folder, name, &paused); !free)
            return free.error();
        Creation creation(*folder, name, layout, options, *geometry, backend);
        if (Status made = creation.makeRecord(); !made)
            return made.error();
        if (Status mapped = creation.mapRecord(); !mapped) {
            if (mapped.error().code == ErrorCode::NotFound)
                continue;
            return mapped.error();
        }
        if (Status made = creation.makeMemory(); !made) {
            // A sandbox may have forbidden the backend since it was checked.
            if (isAutomatic && made.error().code == ErrorCode::Unsupported && backend != usable.back()) {
                backend = usable.back();
                continue;
            }
            return made.error();
        }
        if (Status completed = creation.complete(); !completed)
            return completed.error();
        if (Status published = creation.publish(); !published) {
            if (published.error().code == ErrorCode::AlreadyExists || published.error().code == ErrorCode::NotFound)
                continue;
            return published.error();
        }
        return creation.finish();
    }
    return errors::nameContested(name);
}

} // namespace sharedsegment::engine
