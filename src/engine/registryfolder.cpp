// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// One record: finds it by its name, sweeps it, and repairs its place.

#include "registryfolder.h"

#include "../os/doorbell.h"
#include "../os/system.h"
#include "../os/writerlock.h"
#include "geometry.h"
#include "instancefiles.h"
#include "knowninstances.h"
#include "name.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>

namespace sharedsegment::engine {

namespace {

/// Lookups of a name whose record is replaced each time.
constexpr int ReplacedTries = 8;

Result<RecordHeader> headerOf(const os::RecordFile &file)
{
    std::array<std::byte, sizeof(RecordHeader)> bytes;
    return checkRecord(std::span(bytes).first(file.read(bytes)));
}

} // namespace

std::string FoundRecord::owner() const
{
    return file.isOpenIn(header.pid) ? os::describeProcess(header.pid) : std::string();
}

RecordState stateOf(const os::RecordFile &file)
{
    std::uint32_t state = 0;
    file.readHints(std::as_writable_bytes(std::span(&state, 1)), offsetof(Record, state));
    return static_cast<RecordState>(state);
}

Source sourceOf(const FoundRecord &found)
{
    const std::string_view name(found.header.name, found.header.nameBytes);
    std::uint32_t stated = 0;
    if (isMirrorName(name))
        found.file.readHints(std::as_writable_bytes(std::span(&stated, 1)), offsetof(Record, source));
    return sourceIn(name, stated);
}

os::MemoryLocation locationOf(const RecordHeader &header)
{
    // The record's validation has ensured the terminating NUL.
    return {static_cast<os::Backend>(header.backend), header.pid, header.descriptor, header.object};
}

Error RegistryFolder::notFound(std::string_view name)
{
    return {ErrorCode::NotFound,
            "there is no segment \"" + std::string(name) + "\"; start the program that creates it"};
}

void RegistryFolder::removeParts(const RecordHeader &header) const
{
    if ((header.requiredFeatures & FeatureMultipleWriters) != 0)
        os::WriterLock::remove(writerLockPath(m_folder, toHex(header.instance)));
    os::Memory::remove(locationOf(header));
    os::DoorbellNotifier::removeDead(ownerMarkPath(m_folder, toHex(header.instance)));
}

bool RegistryFolder::isCopy(const std::string &name, const RecordHeader &header) const
{
    for (const std::string &place :
         {recordFileName({header.name, header.nameBytes}), os::RecordFile::temporaryName(toHex(header.instance))}) {
        if (place == name)
            continue;
        const Result<os::RecordFile> other = os::RecordFile::open(m_folder, place);
        if (!other)
            continue;
        const Result<RecordHeader> theirs = headerOf(*other);
        if (theirs && theirs->instance == header.instance && other->isOwned())
            return true;
    }
    return false;
}

Status RegistryFolder::sweep(os::RecordFile &file, const std::optional<RecordHeader> &header, Wait wait,
                             Doorbells doorbells) const
{
    if (Status locked = file.lockForSweep(wait); !locked)
        return locked;
    // Another sweeper may have removed the record already, and a new owner may have taken the name.
    if (file.isOwned() || !file.isLinked())
        return {};
    if (header)
        removeParts(*header);
    if (!file.remove())
        return Error{ErrorCode::PermissionDenied, "the record that a dead owner left in \"" + m_folder.path()
                                                      + "\" cannot be removed; remove it by hand"};
    if (!header || doorbells == Doorbells::Leave)
        return {};
    // Living listeners remove their own doorbells.
    const std::string prefix = "." + toHex(header->instance) + ".";
    const Result<std::vector<std::string>> files = m_folder.files();
    if (!files)
        return {}; // The next call of names() finds the rest.
    for (const std::string &name : *files) {
        if (name.starts_with(prefix) && os::DoorbellNotifier::isDead(m_folder.pathOf(name)))
            os::DoorbellNotifier::removeDead(m_folder.pathOf(name));
    }
    return {};
}

Result<FoundRecord> RegistryFolder::lookUp(const std::string &name, Wait wait, Doorbells doorbells) const
{
    Result<os::RecordFile> file = os::RecordFile::open(m_folder, name);
    if (!file) {
        if (file.error().code == ErrorCode::NotFound || isOutOfDescriptors(file.error()))
            return file.error();
        return os::RecordFile::removeNonRegularFile(m_folder, name, toHex(os::randomId())) ? notFound(name)
                                                                                           : file.error();
    }
    // Read the content first: the owner writes it after locking, so a free lock afterwards means a dead owner.
    const Result<RecordHeader> header = headerOf(*file);
    // A record with invalid content has no instance id. A random one lets a sweep remove it.
    file->setInstance(toHex(header ? header->instance : os::randomId()));
    if (!file->isOwned()) {
        // For a copy of another record: keep the memory, which belongs to the original.
        const bool hasParts = header && !isCopy(name, *header);
        const Status swept = sweep(*file, hasParts ? std::optional(*header) : std::nullopt, wait, doorbells);
        // A caller that does not want the name does not depend on the sweep's success.
        if (!swept && wait != Wait::zero())
            return swept.error();
        return notFound(name);
    }
    if (!header)
        return header.error();
    const RecordState state = isKnownToHaveEnded(header->instance) ? RecordState::Closed : stateOf(*file);
    return FoundRecord{*header, std::move(*file), state};
}

Result<FoundRecord> RegistryFolder::lookUpNewest(const std::string &name, Wait wait, Doorbells doorbells) const
{
    for (int tries = 1;; ++tries) {
        Result<FoundRecord> found = lookUp(name, wait, doorbells);
        const bool isOther = found ? found->state == RecordState::Replaced
                                   : found.error().code == ErrorCode::NotFound && found.error().system == 0;
        if (!isOther || tries == ReplacedTries)
            return found;
    }
}

Status RegistryFolder::repairMisplaced(const std::string &file, FoundRecord &found, Wait wait) const
{
    const std::string place = recordFileName(found.name());
    if (place == file)
        return {};
    const bool isSecondLink = found.file.isAt(place);
    Result<FoundRecord> other = isSecondLink ? notFound(found.name()) : lookUp(place, Wait::zero());
    const bool isSwapped = other && recordFileName(other->name()) == file;
    if (!isSecondLink && !isSwapped)
        return {}; // Moved, or its content was changed: unknown.
    if (Status locked = found.file.lockForSweep(wait); !locked)
        return locked;
    if (!found.file.isOwned() || !found.file.isLinked())
        return {};
    if (isSecondLink) {
        found.file.remove();
        return {};
    }
    // After a kill between these steps, the record keeps its temporary name until its owner ends and a sweep removes
    // it.
    if (Status aside = found.file.publish(os::RecordFile::temporaryName(toHex(found.header.instance))); !aside)
        return aside;
    if (Status back = other->file.publish(file); !back)
        return back;
    return found.file.publish(place);
}

Result<FoundRecord> RegistryFolder::find(std::string_view name, Wait wait) const
{
    Result<FoundRecord> found = lookUpNewest(recordFileName(name), wait);
    if (!found && found.error().code == ErrorCode::NotFound)
        found = notFound(name);
    return found;
}

Result<FoundRecord> RegistryFolder::find(std::string_view name) const
{
    Result<FoundRecord> found = find(name, Wait::zero());
    if (found && found->name() != name)
        return Error{ErrorCode::NotFound, "the record of \"" + found->name() + "\" lies in the place of \""
                                              + std::string(name)
                                              + "\"; open that, or start the program that creates this one"};
    return found;
}

Result<FoundRecord> RegistryFolder::findTaken(std::string_view name) const
{
    const std::string file = recordFileName(name);
    for (int tries = 0;; ++tries) {
        Result<FoundRecord> found = find(name, os::RecordFile::LockWait);
        if (!found || found->name() == name)
            return found;
        if (tries == 1 || recordFileName(found->name()) == file) {
            const std::string owner = found->owner();
            return Error{ErrorCode::AlreadyExists, "the record of \"" + found->name() + "\" lies in the place of \""
                                                       + std::string(name) + "\", and its owner"
                                                       + (owner.empty() ? std::string() : ", " + owner + ',')
                                                       + " lives; choose another name, or end that process"};
        }
        if (Status right = repairMisplaced(file, *found, os::RecordFile::LockWait); !right)
            return right.error();
    }
}

void RegistryFolder::sweepTemporary(const std::string &name) const
{
    Result<os::RecordFile> file = os::RecordFile::open(m_folder, name);
    if (!file) {
        if (file.error().code != ErrorCode::NotFound && !isOutOfDescriptors(file.error()))
            os::RecordFile::removeNonRegularFile(m_folder, name, toHex(os::randomId()));
        return;
    }
    // A creating owner holds the sweepers' lock until it has its own. If this process gets it, the owner is dead, or
    // will find the file gone and start over.
    if (!file->lockForSweep(std::chrono::milliseconds(0)) || file->isOwned())
        return;
    // Here, read the content after locking: before, it might not name the memory yet.
    if (const Result<RecordHeader> header = headerOf(*file); header && !isCopy(name, *header))
        removeParts(*header);
    file->remove();
}

} // namespace sharedsegment::engine
