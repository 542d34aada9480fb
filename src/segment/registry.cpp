// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "registry.h"

#include "../os/doorbell.h"
#include "../os/system.h"
#include "../os/writerlock.h"
#include "geometry.h"
#include "name.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <set>

namespace sharedsegment::segment {

namespace {

constexpr std::chrono::milliseconds SweepWait{2000};
constexpr std::string_view DoorbellSuffix = ".bell";
constexpr std::size_t InstanceDigits = 2 * sizeof(InstanceId);

bool isDoorbellName(std::string_view file)
{
    return file.starts_with('.') && file.ends_with(DoorbellSuffix) && file.size() > 1 + InstanceDigits;
}

Error notFound(std::string_view name)
{
    return {ErrorCode::NotFound,
            "there is no segment \"" + std::string(name) + "\"; its owner has not created it yet, or is gone"};
}

Result<RecordHeader> headerOf(const os::RecordFile &file)
{
    std::array<std::byte, sizeof(RecordHeader)> bytes;
    return checkRecord(std::span(bytes).first(file.read(bytes)));
}

} // namespace

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

void Registry::removeParts(const RecordHeader &header) const
{
    if ((header.flags & FlagManyWriters) != 0)
        os::WriterLock::remove(writerLockPath(m_folder, toHex(header.instance)));
    os::Memory::remove(locationOf(header));
}

Status Registry::sweep(os::RecordFile &file, const std::optional<RecordHeader> &header) const
{
    if (Status locked = file.lockForSweep(SweepWait); !locked)
        return locked;
    // Another sweeper may have been here first, and a new owner may have the name by now.
    if (file.isOwned() || !file.isInPlace())
        return {};
    if (header)
        removeParts(*header);
    file.remove();
    if (!header)
        return {};
    // Listeners that live take their doorbells away themselves.
    const std::string prefix = "." + toHex(header->instance) + ".";
    for (const std::string &name : m_folder.files()) {
        if (name.starts_with(prefix) && os::Ringer::isDead(m_folder.pathOf(name)))
            os::Ringer::removeDead(m_folder.pathOf(name));
    }
    return {};
}

Result<FoundRecord> Registry::look(const std::string &name) const
{
    Result<os::RecordFile> file = os::RecordFile::open(m_folder, name);
    if (!file)
        return file.error();
    // The content first: it is there only after the lock was taken, so that a free lock then means a dead owner.
    const Result<RecordHeader> header = headerOf(*file);
    // One that does not say whose it is can still have to go.
    file->setInstance(toHex(header ? header->instance : os::randomId()));
    if (!file->isOwned()) {
        // A copy under another name must not take away the memory of the one that it was made from.
        const bool isInItsPlace = header && recordFileName({header->name, header->nameBytes}) == name;
        if (Status swept = sweep(*file, isInItsPlace ? std::optional(*header) : std::nullopt); !swept)
            return swept.error();
        return notFound(name);
    }
    if (!header)
        return header.error();
    const bool closing = isClosing(*file);
    return FoundRecord{*header, std::move(*file), closing};
}

Result<FoundRecord> Registry::find(std::string_view name) const
{
    // A sweep makes room for a new owner, who may have come meanwhile.
    for (int tries = 0;; ++tries) {
        Result<FoundRecord> found = look(recordFileName(name));
        if (found) {
            if (found->name() == name)
                return found;
            return Error{ErrorCode::NotFound,
                         "the place of \"" + std::string(name) + "\" is taken by \"" + found->name() + "\""};
        }
        if (found.error().code != ErrorCode::NotFound)
            return found;
        if (tries == 1 || found.error().system != 0)
            return notFound(name);
    }
}

void Registry::sweepTemporary(const std::string &name) const
{
    Result<os::RecordFile> file = os::RecordFile::open(m_folder, name);
    if (!file)
        return;
    // An owner keeps it until it has its own lock: who gets it sees a dead owner, or one who finds the file gone and starts over.
    if (!file->lockForSweep(std::chrono::milliseconds(0)) || file->isOwned())
        return;
    // Here the content comes after the lock: looked at earlier, it might not name the memory yet.
    if (const Result<RecordHeader> header = headerOf(*file))
        removeParts(*header);
    file->remove();
}

std::vector<std::string> Registry::names() const
{
    std::vector<std::string> names;
    std::set<std::string> living;
    // Before the records: whose doorbell is there has published by now. In the other order a new instance could be missed, and a
    // doorbell that its listener is just opening be taken for a dead one's.
    std::vector<std::string> doorbells = m_folder.files();
    std::erase_if(doorbells, [](const std::string &file) { return !isDoorbellName(file); });
    for (const std::string &file : m_folder.files()) {
        if (isRecordFileName(file)) {
            if (Result<FoundRecord> found = look(file)) {
                if (!found->isClosing)
                    names.push_back(found->name());
                living.insert(toHex(found->header.instance));
            }
        } else if (os::RecordFile::isTemporaryName(file)) {
            sweepTemporary(file);
        }
    }
    for (const std::string &doorbell : doorbells) {
        const bool isLiving = living.contains(doorbell.substr(1, InstanceDigits));
        if (!isLiving && os::Ringer::isDead(m_folder.pathOf(doorbell)))
            os::Ringer::removeDead(m_folder.pathOf(doorbell));
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace sharedsegment::segment
