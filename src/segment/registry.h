// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"

#include "../os/folder.h"
#include "../os/memory.h"
#include "../os/recordfile.h"

#include <chrono>
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
    bool isClosing =
        false; ///< its owner is just taking it away, or is known to have ended: nobody has the name any more

    std::string name() const { return {header.name, header.nameBytes}; }
    /// Which program and process the owner is, for people; empty where it is out of sight.
    std::string owner() const;
};

/// Whether the owner of a record says that it is just taking it away.
bool isClosing(const os::RecordFile &file);

/// Where a record says that its memory is.
os::MemoryLocation locationOf(const RecordHeader &header);

/// The place of an instance's writers' lock, for systems that keep it in a file or under a name.
std::string writerLockPath(const os::Folder &folder, const std::string &instanceHex);

/// The place of an instance's mark, which its owner holds on systems that have such.
std::string ownerMarkPath(const os::Folder &folder, const std::string &instanceHex);

/// The records of a registry folder: found, listed, and swept when their owner is dead.
class Registry
{
public:
    explicit Registry(os::Folder folder)
        : m_folder(std::move(folder))
    {
    }

    const os::Folder &folder() const { return m_folder; }

    /// The record of `name`, if a living owner holds it; sweeps it otherwise, unless another process is about to: never waits.
    /// @returns NotFound when there is none; Corrupt or UnsupportedVersion when a living owner's record cannot be read.
    Result<FoundRecord> find(std::string_view name) const;

    /// The same for who wants the name: NotFound means that it is free. Waits a bounded time for another sweeper.
    /// @returns Busy when that was not enough, AlreadyExists when the place is another name's.
    Result<FoundRecord> findTaken(std::string_view name) const;

    /// The names that living owners hold, sorted. Sweeps everything that the dead left: records, memories, doorbells. Never waits.
    /// @param unseen if given, gains an error when a record cannot be looked at, for want of descriptors or of a right, say: then there may be more names
    /// @returns an error when the folder cannot be looked through
    Result<std::vector<std::string>> names(Error *unseen) const;

private:
    using Wait = std::chrono::milliseconds;
    Result<FoundRecord> find(std::string_view name, Wait wait) const;
    /// @param misplaced gains the files of living records that lie under another's name
    Result<std::vector<std::string>> list(std::vector<std::string> *misplaced, Error *unseen) const;
    Result<FoundRecord> look(const std::string &file, Wait wait) const;
    Status sweep(os::RecordFile &file, const std::optional<RecordHeader> &header, Wait wait) const;
    /// Whether a living owner has this instance elsewhere: then what was found is a copy of its record.
    bool isCopy(const std::string &file, const RecordHeader &header) const;
    /// For a living owner's record under another's name: takes away a second link to it, and puts back two that were swapped.
    Status putRight(const std::string &file, FoundRecord &found, Wait wait) const;
    /// What a dead instance has besides its record.
    void removeParts(const RecordHeader &header) const;
    void sweepTemporary(const std::string &file) const;

    os::Folder m_folder;
};

} // namespace sharedsegment::segment
