// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "registry.h"

#include "../os/doorbell.h"
#include "../os/system.h"
#include "../os/writerlock.h"
#include "geometry.h"
#include "name.h"
#include "ownerwatch.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <set>

namespace sharedsegment::segment {

namespace {

constexpr std::string_view DoorbellSuffix = ".bell";
constexpr std::string_view OwnerMarkSuffix = ".owner";
constexpr std::size_t InstanceDigits = 2 * sizeof(InstanceId);

/// Whether that is the name of a doorbell or of an owner's mark: of a FIFO that a dead process may have left.
bool isFifoName(std::string_view file)
{
    return file.starts_with('.') && file.size() > 1 + InstanceDigits
        && (file.ends_with(DoorbellSuffix) || file.ends_with(OwnerMarkSuffix));
}

Error notFound(std::string_view name)
{
    return {ErrorCode::NotFound,
            "there is no segment \"" + std::string(name) + "\"; start the program that creates it"};
}

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

bool isClosing(const os::RecordFile &file)
{
    std::uint32_t state = 0;
    file.readHints(std::as_writable_bytes(std::span(&state, 1)), offsetof(Record, state));
    return state != static_cast<std::uint32_t>(RecordState::Live);
}

os::MemoryLocation locationOf(const RecordHeader &header)
{
    // The check made sure of the NUL at its end.
    return {static_cast<os::Backend>(header.backend), header.pid, header.descriptor, header.object};
}

std::string writerLockPath(const os::Folder &folder, const std::string &instanceHex)
{
    return folder.pathOf("." + instanceHex + ".writer");
}

std::string ownerMarkPath(const os::Folder &folder, const std::string &instanceHex)
{
    return folder.pathOf("." + instanceHex + std::string(OwnerMarkSuffix));
}

void Registry::removeParts(const RecordHeader &header) const
{
    if ((header.flags & FlagManyWriters) != 0)
        os::WriterLock::remove(writerLockPath(m_folder, toHex(header.instance)));
    os::Memory::remove(locationOf(header));
    os::Ringer::removeDead(ownerMarkPath(m_folder, toHex(header.instance)));
}

bool Registry::isCopy(const std::string &name, const RecordHeader &header) const
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

Status Registry::sweep(os::RecordFile &file, const std::optional<RecordHeader> &header, Wait wait) const
{
    if (Status locked = file.lockForSweep(wait); !locked)
        return locked;
    // Another sweeper may have been here first, and a new owner may have the name by now.
    if (file.isOwned() || !file.isInPlace())
        return {};
    if (header)
        removeParts(*header);
    file.remove();
    if (file.isInPlace())
        return Error{ErrorCode::PermissionDenied, "the record that a dead owner left in \"" + m_folder.path()
                                                      + "\" cannot be removed; remove it by hand"};
    if (!header)
        return {};
    // Listeners that live take their doorbells away themselves.
    const std::string prefix = "." + toHex(header->instance) + ".";
    const Result<std::vector<std::string>> files = m_folder.files();
    if (!files)
        return {}; // Whoever lists the names finds them.
    for (const std::string &name : *files) {
        if (name.starts_with(prefix) && os::Ringer::isDead(m_folder.pathOf(name)))
            os::Ringer::removeDead(m_folder.pathOf(name));
    }
    return {};
}

Result<FoundRecord> Registry::look(const std::string &name, Wait wait) const
{
    Result<os::RecordFile> file = os::RecordFile::open(m_folder, name);
    if (!file) {
        if (file.error().code == ErrorCode::NotFound || isOutOfDescriptors(file.error()))
            return file.error();
        return os::RecordFile::removeOther(m_folder, name, toHex(os::randomId())) ? notFound(name) : file.error();
    }
    // The content first: it is there only after the lock was taken, so that a free lock then means a dead owner.
    const Result<RecordHeader> header = headerOf(*file);
    // One that does not say whose it is can still have to go.
    file->setInstance(toHex(header ? header->instance : os::randomId()));
    if (!file->isOwned()) {
        // A copy must not take away the memory of the one that it was made from.
        const bool hasParts = header && !isCopy(name, *header);
        const Status swept = sweep(*file, hasParts ? std::optional(*header) : std::nullopt, wait);
        // Who does not want the name does not care who takes it away.
        if (!swept && wait != Wait::zero())
            return swept.error();
        return notFound(name);
    }
    if (!header)
        return header.error();
    const bool closing = isClosing(*file) || isKnownToHaveEnded(header->instance);
    return FoundRecord{*header, std::move(*file), closing};
}

Status Registry::putRight(const std::string &file, FoundRecord &found, Wait wait) const
{
    const std::string place = recordFileName(found.name());
    if (place == file)
        return {};
    const bool isSecondLink = found.file.isAt(place);
    Result<FoundRecord> other = isSecondLink ? notFound(found.name()) : look(place, Wait::zero());
    const bool isSwapped = other && recordFileName(other->name()) == file;
    if (!isSecondLink && !isSwapped)
        return {}; // Moved, or its content was changed: that cannot be told.
    if (Status locked = found.file.lockForSweep(wait); !locked)
        return locked;
    if (!found.file.isOwned() || !found.file.isInPlace())
        return {};
    if (isSecondLink) {
        found.file.remove();
        return {};
    }
    // A kill in between leaves it where it is swept once its owner is gone.
    if (Status aside = found.file.publish(os::RecordFile::temporaryName(toHex(found.header.instance))); !aside)
        return aside;
    if (Status back = other->file.publish(file); !back)
        return back;
    return found.file.publish(place);
}

Result<FoundRecord> Registry::find(std::string_view name, Wait wait) const
{
    // A sweep makes room for a new owner, who may have come meanwhile.
    for (int tries = 0;; ++tries) {
        Result<FoundRecord> found = look(recordFileName(name), wait);
        if (found || found.error().code != ErrorCode::NotFound)
            return found;
        if (tries == 1 || found.error().system != 0)
            return notFound(name);
    }
}

Result<FoundRecord> Registry::find(std::string_view name) const
{
    Result<FoundRecord> found = find(name, Wait::zero());
    if (found && found->name() != name)
        return Error{ErrorCode::NotFound, "the record of \"" + found->name() + "\" lies in the place of \""
                                              + std::string(name)
                                              + "\"; open that, or start the program that creates this one"};
    return found;
}

Result<FoundRecord> Registry::findTaken(std::string_view name) const
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
        if (Status right = putRight(file, *found, os::RecordFile::LockWait); !right)
            return right.error();
    }
}

void Registry::sweepTemporary(const std::string &name) const
{
    Result<os::RecordFile> file = os::RecordFile::open(m_folder, name);
    if (!file) {
        if (file.error().code != ErrorCode::NotFound && !isOutOfDescriptors(file.error()))
            os::RecordFile::removeOther(m_folder, name, toHex(os::randomId()));
        return;
    }
    // An owner keeps it until it has its own lock: who gets it sees a dead owner, or one who finds the file gone and starts over.
    if (!file->lockForSweep(std::chrono::milliseconds(0)) || file->isOwned())
        return;
    // Here the content comes after the lock: looked at earlier, it might not name the memory yet.
    if (const Result<RecordHeader> header = headerOf(*file); header && !isCopy(name, *header))
        removeParts(*header);
    file->remove();
}

Result<std::vector<std::string>> Registry::names(Error *unseen) const
{
    std::vector<std::string> misplaced;
    Result<std::vector<std::string>> names = list(&misplaced, unseen);
    if (!names || misplaced.empty())
        return names;
    for (const std::string &file : misplaced) {
        if (Result<FoundRecord> found = look(file, Wait::zero()))
            static_cast<void>(putRight(file, *found, Wait::zero()));
    }
    return list(&misplaced, unseen);
}

Result<std::vector<std::string>> Registry::list(std::vector<std::string> *misplaced, Error *unseen) const
{
    std::vector<std::string> names;
    std::set<std::string> living;
    // Before the records: whose doorbell is there has published by now. In the other order a new instance could be missed, and a
    // doorbell that its listener is just opening be taken for a dead one's.
    Result<std::vector<std::string>> doorbells = m_folder.files();
    if (!doorbells)
        return doorbells.error();
    std::erase_if(*doorbells, [](const std::string &file) { return !isFifoName(file); });
    const Result<std::vector<std::string>> files = m_folder.files();
    if (!files)
        return files.error();
    for (const std::string &file : *files) {
        if (os::RecordFile::isTemporaryName(file)) {
            sweepTemporary(file);
            continue;
        }
        if (!isRecordFileName(file))
            continue;
        Result<FoundRecord> found = look(file, Wait::zero());
        if (!found) {
            if (unseen && unseen->code == ErrorCode::NoError && hidesRecords(found.error()))
                *unseen = found.error();
            continue;
        }
        living.insert(toHex(found->header.instance));
        if (recordFileName(found->name()) != file)
            misplaced->push_back(file);
        else if (!found->isClosing)
            names.push_back(found->name());
    }
    for (const std::string &doorbell : *doorbells) {
        const bool isLiving = living.contains(doorbell.substr(1, InstanceDigits));
        const std::string path = m_folder.pathOf(doorbell);
        if (!isLiving && (os::Ringer::isDead(path) || os::Ringer::isOtherFile(path)))
            os::Ringer::removeDead(path);
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace sharedsegment::segment
