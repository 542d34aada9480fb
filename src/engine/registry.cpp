// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "registry.h"

#include "../os/system.h"
#include "instancefiles.h"
#include "knowninstances.h"
#include "name.h"

namespace sharedsegment::engine {

Result<RegistryFolder> Registry::open() const
{
    Result<os::Folder> folder = os::Folder::open(m_location);
    if (!folder)
        return folder.error();
    return RegistryFolder(*std::move(folder));
}

Result<RegistryFolder> Registry::create() const
{
    Result<os::Folder> folder = os::Folder::create(m_location);
    if (!folder)
        return folder.error();
    return RegistryFolder(*std::move(folder));
}

Result<bool> Registry::exists(std::string_view name) const
{
    if (Status status = checkName(name); !status)
        return status.error();
    const Result<RegistryFolder> folder = open();
    if (!folder) {
        if (folder.error().code == ErrorCode::NotFound)
            return false;
        return folder.error();
    }
    const Result<FoundRecord> found = folder->find(name);
    if (found)
        return !found->isClosing();
    switch (found.error().code) {
    case ErrorCode::NotFound:
        return false;
    case ErrorCode::Corrupt:
    case ErrorCode::UnsupportedVersion:
        return true; // Unreadable, but a living owner holds it.
    default:
        return found.error();
    }
}

Result<std::vector<std::string>> Registry::names(Error *unseen) const
{
    const Result<RegistryFolder> folder = open();
    Result<std::vector<std::string>> names = folder ? folder->names(unseen) : folder.error();
    // The folder does not exist, or was just removed.
    if (!names && names.error().code == ErrorCode::NotFound)
        return std::vector<std::string>();
    return names;
}

Result<std::vector<ListedRecord>> Registry::records(Error *unseen) const
{
    const Result<RegistryFolder> folder = open();
    Result<std::vector<ListedRecord>> records = folder ? folder->records(unseen) : folder.error();
    if (!records && records.error().code == ErrorCode::NotFound)
        return std::vector<ListedRecord>();
    return records;
}

Result<OwnerWatch> Registry::watchOwnerOf(std::string_view name) const
{
    const Result<RegistryFolder> folder = open();
    if (!folder)
        return folder.error();
    const Result<FoundRecord> found = folder->find(name);
    if (!found)
        return found.error();
    const RecordHeader &header = found->header;
    if (header.pid == os::processId() && findOwned(header.instance))
        return Error{ErrorCode::NotFound, "this process owns \"" + std::string(name) + "\"; close it to free the name"};
    if (found->isClosing())
        return Error{ErrorCode::Unsupported, "the owner of \"" + std::string(name) + "\" is just ending; try again"};
    return OwnerWatch::start(ownerMarkPath(folder->folder(), toHex(header.instance)), header.instance, header.pid,
                             [&] { return found->file.isOpenIn(header.pid); });
}

} // namespace sharedsegment::engine
