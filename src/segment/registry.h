// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"

#include "../os/folder.h"
#include "../os/memory.h"
#include "../os/recordfile.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sharedsegment::segment {

/// A record whose owner lives, found under its name.
struct FoundRecord
{
    RecordHeader header;
    os::RecordFile file;
    bool isClosing = false; ///< its owner is just taking it away: nobody has the name any more

    std::string name() const { return {header.name, header.nameBytes}; }
};

/// Whether the owner of a record says that it is just taking it away.
bool isClosing(const os::RecordFile &file);

/// Where a record says that its memory is.
os::MemoryLocation locationOf(const RecordHeader &header);

/// The place of an instance's writers' lock, for systems that keep it in a file or under a name.
std::string writerLockPath(const os::Folder &folder, const std::string &instanceHex);

/// The records of a registry folder: found, listed, and swept when their owner is dead.
class Registry
{
public:
    explicit Registry(os::Folder folder)
        : m_folder(std::move(folder))
    {
    }

    const os::Folder &folder() const { return m_folder; }

    /// The record of `name`, if a living owner holds it; sweeps it otherwise.
    /// @returns NotFound when there is none; Corrupt or UnsupportedVersion when a living owner's record cannot be read.
    Result<FoundRecord> find(std::string_view name) const;

    /// The names that living owners hold, sorted. Sweeps everything that the dead left: records, memories, doorbells.
    std::vector<std::string> names() const;

private:
    Result<FoundRecord> look(const std::string &file) const;
    Status sweep(os::RecordFile &file, const std::optional<RecordHeader> &header) const;
    /// What a dead instance has besides its record.
    void removeParts(const RecordHeader &header) const;
    void sweepTemporary(const std::string &file) const;

    os::Folder m_folder;
};

} // namespace sharedsegment::segment
