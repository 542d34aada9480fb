// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "opensegment.h"

#include "../os/memory.h"
#include "../os/system.h"
#include "../os/writerlock.h"
#include "instancefiles.h"
#include "kinds.h"
#include "knowninstances.h"
#include "name.h"
#include "wish.h"

#include <cstddef>
#include <string>
#include <utility>

namespace sharedsegment::engine {

namespace {

constexpr int OpenTries = 5;

os::Sharing sharingOf(const RecordHeader &header)
{
    return (header.requiredFeatures & FeatureMultipleWriters) != 0 ? os::Sharing::MultipleWriters
                                                                   : os::Sharing::SingleWriter;
}

/// Maps the memory of a record, validates it, and fills in `view` what it says of itself.
/// @returns whether it succeeded; false if another try may succeed.
Result<bool> openMemory(std::string_view name, const FoundRecord &found, os::Access access, bool isLastTry,
                        SegmentView *view)
{
    const RecordHeader &header = found.header;
    Result<os::Memory> memory = os::Memory::open(locationOf(header), access, sharingOf(header), header.segmentSize);
    if (!memory) {
        Error error = memory.error();
        // An ending process's memory becomes unreachable before its lock is free.
        const bool isOwnerGone = os::isEnding(header.pid) || !found.file.isOwned();
        if (!isOwnerGone && error.code != ErrorCode::NotFound)
            return error;
        if (!isLastTry)
            return false;
        if (isOwnerGone)
            return Error{ErrorCode::NotFound, "the owner of \"" + std::string(name) + "\" is gone; start the next one"};
        // The owner lives and is not closing, but its memory is not found: it is out of reach.
        if (stateOf(found.file) == RecordState::Live)
            error.code = ErrorCode::Unsupported;
        return error;
    }
    Result<os::Mapping> mapping = memory->map(access);
    if (!mapping)
        return mapping.error();
    Result<CheckedHeader> checked = checkHeader({mapping->data(), static_cast<std::size_t>(mapping->size())}, header);
    if (!checked) {
        // Another process's memory may have replaced it.
        if (header.backend == static_cast<std::uint32_t>(os::Backend::Memfd) && !isLastTry)
            return false;
        return checked.error();
    }
    view->memory = std::move(*mapping);
    view->geometry = checked->geometry;
    view->layout = std::make_shared<Layout>(std::move(checked->layout));
    view->metadata = std::move(checked->metadata);
    return true;
}

Error singleWriter(std::string_view name)
{
    const std::string remedy =
        isMirrorName(name)
            ? "\" is a mirror; open it read-only, or write on the host \"" + std::string(hostOf(name)) + '"'
            : "\" has a single writer, its owner; open it read-only, or have it created with multipleWriters";
    return {ErrorCode::PermissionDenied, '"' + std::string(name) + remedy};
}

Status takeRecord(Segment &segment, const FoundRecord &found)
{
    Result<os::Mapping> record = found.file.map(RecordSize);
    if (!record)
        return record.error();
    segment.owner().setRecord(*std::move(record), found.file.path());
    return {};
}

/// Opens the writers' lock in the mapped record of a segment that is open for writing.
Status enableWriting(Segment &segment, const FoundRecord &found)
{
    OwnerMonitor &owner = segment.owner();
    Result<os::WriterLock> lock =
        os::WriterLock::open(owner.record()->writerLock,
                             writerLockPath(owner.folder().folder(), segment.view().instanceHex));
    if (!lock)
        return lock.error();
    segment.publisher().enable(found.header, *std::move(lock));
    return {};
}

} // namespace

Result<std::shared_ptr<Segment>> openSegment(const Registry &registry, std::string_view name, os::Access access)
{
    if (Status status = checkName(name); !status)
        return status.error();
    const Result<RegistryFolder> folder = registry.open();
    if (!folder) {
        // Without a folder, no segment has been created yet.
        if (folder.error().code == ErrorCode::NotFound)
            return Error{ErrorCode::NotFound,
                         "there is no segment \"" + std::string(name) + "\" yet; start the program that creates it"};
        return folder.error();
    }
    const bool isMirror = isMirrorName(name);
    for (int tries = 1;; ++tries) {
        const bool isLastTry = tries == OpenTries;
        Result<FoundRecord> found = folder->find(name);
        if (!found)
            return found.error();
        const RecordHeader &header = found->header;
        if (header.pid == os::processId()) {
            if (std::shared_ptr<Segment> own = findOwned(header.instance))
                return own;
        }
        if (access == os::Access::ReadWrite && sharingOf(header) == os::Sharing::SingleWriter)
            return singleWriter(name);
        if (Status mappable = found->file.checkMappable(RecordSize); !mappable) {
            if (mappable.error().code == ErrorCode::NotFound && !isLastTry)
                continue;
            return mappable.error();
        }
        if (found->isClosing())
            return Error{ErrorCode::NotFound,
                         "the owner of \"" + std::string(name) + "\" is just closing it; start the next one"};
        SegmentView view;
        const Result<bool> isMapped = openMemory(name, *found, access, isLastTry, &view);
        if (!isMapped)
            return isMapped.error();
        if (!*isMapped)
            continue;

        view.name = name;
        view.instanceHex = toHex(header.instance);
        view.geometry.pid = header.pid;
        view.backend = static_cast<os::Backend>(header.backend);
        view.isWritable = access == os::Access::ReadWrite;
        const auto segment = std::make_shared<Segment>(std::move(view), *folder, makeContent);
        // A mirror's record says where its values come from, also when its owner is gone.
        Status prepared;
        if (segment->view().isWritable || isMirror)
            prepared = takeRecord(*segment, *found);
        if (prepared && segment->view().isWritable)
            prepared = enableWriting(*segment, *found);
        if (prepared) {
            if (isMirror)
                segment->keep(Wish::of(registry, name));
            return segment;
        }
        // Its owner has replaced it meanwhile, and the writers' lock may be a file.
        if (prepared.error().code != ErrorCode::NotFound || isLastTry)
            return prepared.error();
    }
}

} // namespace sharedsegment::engine
