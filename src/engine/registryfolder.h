// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "doorbellpath.h"
#include "format.h"
#include "source.h"

#include "../os/folder.h"
#include "../os/memory.h"
#include "../os/recordfile.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sharedsegment::engine {

/// A record with a living owner, found by name. Owns the open file; the owner is unaffected.
struct SHAREDSEGMENTENGINE_EXPORT FoundRecord
{
    RecordHeader header;
    os::RecordFile file;
    RecordState state = RecordState::Live; ///< Closed also where the owner is known to have ended

    /// Whether the owner is removing the record, so that the name has no owner.
    bool isClosing() const { return state != RecordState::Live; }

    std::string name() const { return {header.name, header.nameBytes}; }
    /// The owner's program and process, for messages; empty if the process is not visible here.
    std::string owner() const;
};

/// What a registry says of a name that a living owner holds.
struct ListedRecord
{
    std::string file; ///< of the record
    std::string name;
    /// Why the record is unreadable: UnsupportedVersion or Corrupt. Then nothing else is known of it.
    Error problem;
    InstanceId instance = {};
    std::uint64_t pid = 0;
    std::uint64_t segmentSize = 0;
    std::uint32_t kind = 0;
    std::uint32_t backend = 0;
    Source source = Source::Here; ///< when it was read: it may change at any time

    friend bool operator==(const ListedRecord &a, const ListedRecord &b)
    {
        return a.file == b.file && a.instance == b.instance && a.problem.code == b.problem.code;
    }
};

/// A wish that a living process holds: it waits for a segment, or has it open.
struct HeldWish
{
    std::string file; ///< of the wish
    std::string name; ///< of the segment

    friend bool operator==(const HeldWish &, const HeldWish &) = default;
};

/// The state that a record states.
SHAREDSEGMENTENGINE_EXPORT RecordState stateOf(const os::RecordFile &file);

/// The source that a record states.
SHAREDSEGMENTENGINE_EXPORT Source sourceOf(const FoundRecord &found);

/// The location of a record's memory.
SHAREDSEGMENTENGINE_EXPORT os::MemoryLocation locationOf(const RecordHeader &header);

/// The records of an existing registry folder: finds and lists them, and sweeps those of dead owners.
///
/// A value without state of its own besides the folder's path: opens and locks the files for each call. Safe from
/// several threads and processes. A failed call may have swept a part; the next one continues.
class SHAREDSEGMENTENGINE_EXPORT RegistryFolder
{
public:
    explicit RegistryFolder(os::Folder folder)
        : m_folder(std::move(folder))
    {
    }

    const os::Folder &folder() const { return m_folder; }
    DoorbellPath doorbells(const std::string &instanceHex) const { return DoorbellPath(m_folder, instanceHex); }

    /// Finds the record of `name` if it has a living owner. Otherwise sweeps it, unless another process is already
    /// sweeping. Never waits.
    /// @returns NotFound when no such record exists; Corrupt or UnsupportedVersion when a living owner's record is
    /// unreadable.
    Result<FoundRecord> find(std::string_view name) const;

    /// Like find(), for a caller that wants to take the name: NotFound means that the name is free. Waits for another
    /// sweeper for a bounded time.
    /// @returns Busy after that time, AlreadyExists when the file belongs to another name's record.
    Result<FoundRecord> findTaken(std::string_view name) const;

    /// The names with living owners, sorted. Sweeps everything that dead processes left: records, memories, doorbells,
    /// wishes.
    /// Never waits.
    /// @param unseen if not null, receives an error when a record is unreadable (no free descriptor or no permission,
    /// for example); then the list may be incomplete
    /// @returns an error when the folder is unreadable.
    Result<std::vector<std::string>> names(Error *unseen) const;

    /// Like names(), with what the records say, by file name. Contains corrupt records, too.
    Result<std::vector<ListedRecord>> records(Error *unseen) const;
    /// The same for the record in `file` alone.
    /// @returns NotFound if there is none with a living owner, or another error when it is unreadable.
    Result<ListedRecord> record(const std::string &file) const;

    /// The wishes of living processes, by file name; several may be for one segment. Removes those of dead processes.
    /// Never waits.
    /// @returns an error when the folder is unreadable.
    Result<std::vector<HeldWish>> wishes() const;

private:
    using Wait = std::chrono::milliseconds;
    /// What the sweep of a record does with the doorbells of its dead listeners. It reads the whole folder to find them.
    enum class Doorbells { Remove, Leave };
    static Error notFound(std::string_view name);
    Result<FoundRecord> find(std::string_view name, Wait wait) const;
    /// @param misplaced receives the files of living records that lie under another record's name
    Result<std::vector<ListedRecord>> list(std::vector<std::string> *misplaced, Error *unseen) const;
    /// @param instance receives the record's instance, also if it is closing or misplaced
    /// @returns NotFound, too, for a record that is closing or misplaced.
    Result<ListedRecord> listed(const std::string &file, std::vector<std::string> *misplaced,
                                std::optional<InstanceId> *instance, Doorbells doorbells) const;
    Result<FoundRecord> lookUp(const std::string &file, Wait wait, Doorbells doorbells = Doorbells::Remove) const;
    /// Looks up again where the file was another one by the end of the lookup: its owner has just replaced the record, or a
    /// new owner has taken the name after a sweep.
    Result<FoundRecord> lookUpNewest(const std::string &file, Wait wait, Doorbells doorbells = Doorbells::Remove) const;
    Status sweep(os::RecordFile &file, const std::optional<RecordHeader> &header, Wait wait, Doorbells doorbells) const;
    /// Whether a living owner holds this instance's record under another file name, so that `file` is a copy of it.
    bool isCopy(const std::string &file, const RecordHeader &header) const;
    /// Repairs a living owner's record that lies under another record's name: removes a second link, and exchanges two
    /// swapped records.
    Status repairMisplaced(const std::string &file, FoundRecord &found, Wait wait) const;
    /// Removes the other objects of a dead instance: the writers' lock, the memory and the owner's mark.
    void removeParts(const RecordHeader &header) const;
    void sweepTemporary(const std::string &file) const;
    /// The name in a wish that a living process holds; none if its content is no name. Removes the wish of a dead process.
    std::optional<std::string> wishedIn(const std::string &file) const;

    os::Folder m_folder;
};

} // namespace sharedsegment::engine
