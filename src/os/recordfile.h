// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"
#include "folder.h"
#include "handle.h"
#include "mapping.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sharedsegment::os {

/// A file of the registry folder: a record or a wish. A kernel lock on byte 0 identifies its owner: an open-file-description lock on Linux,
/// flock(2) or LockFileEx() elsewhere.
///
/// The owner's object takes the lock before the file has content, and holds it until it is closed or its process ends,
/// in whatever way. No other process ever takes that lock. Owns the handle and the locks; the destructor releases them
/// and keeps the name. Not for general files: it supports only the accesses that these need. Not thread-safe.
class SHAREDSEGMENTENGINE_EXPORT RecordFile
{
public:
    /// The maximum time that any method waits for another process, which may be stopped: callers must return to their
    /// event loop. Four times as long on an overloaded machine, see lockWithin().
    static constexpr std::chrono::milliseconds LockWait{50};

    RecordFile() = default;
    RecordFile(RecordFile &&) = default;
    RecordFile &operator=(RecordFile &&) = default;

    /// Creates a locked, empty file for the record of an instance, under its temporary name. Leaves nothing behind on
    /// failure.
    static Result<RecordFile> create(const Folder &folder, const std::string &instanceHex);

    /// The name of an instance's record before its publication and, on Windows, during its deletion.
    static std::string temporaryName(const std::string &instanceHex) { return '.' + instanceHex + ".new"; }
    static bool isTemporaryName(std::string_view name)
    {
        constexpr std::size_t Size = 1 + 32 + 4;
        return name.size() == Size && name.starts_with('.') && name.ends_with(".new");
    }

    /// The name of a wish: a file whose content is the name of a segment, and whose owner waits for it. A file gets it by
    /// publish(), so a wish without an owner is a dead process's. No wish has the name of an earlier one.
    static std::string wishName(const std::string &instanceHex) { return '.' + instanceHex + ".wish"; }
    static bool isWishName(std::string_view name)
    {
        constexpr std::string_view Digits = "0123456789abcdefABCDEF";
        constexpr std::size_t DigitCount = 32;
        return name.size() == 1 + DigitCount + 5 && name.starts_with('.') && name.ends_with(".wish")
            && name.substr(1, DigitCount).find_first_not_of(Digits) == name.npos;
    }

    /// Writes the whole content and thereby reserves all the space that the file will ever need. Only for the owner,
    /// once.
    /// @returns OutOfMemory when the space is not available.
    Status write(std::span<const std::byte> content);

    /// Opens a record for inspection. @returns NotFound when it does not exist.
    static Result<RecordFile> open(const Folder &folder, const std::string &name);

    /// Removes an object in a record's place that is not a regular file: a link, a socket, an empty folder. Moves it
    /// aside under the temporary name of `instanceHex`, which must be unused.
    /// @returns whether the place is free.
    static bool removeNonRegularFile(const Folder &folder, const std::string &name, const std::string &instanceHex);

    /// Sets the instance that the record's content names. Required before map(), readHints() and remove().
    void setInstance(std::string instanceHex) { m_instance = std::move(instanceHex); }

    bool isOpen() const { return m_handle.isValid(); }
    const std::string &path() const { return m_path; }

    /// Gives the complete file its final name, atomically.
    /// @returns AlreadyExists if the name is taken, and then keeps the old name; NotFound if the temporary name was
    /// swept meanwhile.
    Status publish(const std::string &name);

    /// Gives the complete file the name of `old`, another record of the same owner, in one step: the name always leads to
    /// one of the two. Afterwards `old` has this file's temporary name, or none. (Windows without POSIX renames takes two
    /// steps.)
    /// @returns AlreadyExists if another file lies at the name of `old`; then all files are where they were.
    Status replace(RecordFile &old);

    /// Reads the first bytes of the file, at most `bytes.size()`. @returns how many were read.
    std::size_t read(std::span<std::byte> bytes) const;

    /// Reads bytes from the mapped part, which the participants change, starting at `offset`. @returns how many were
    /// read.
    std::size_t readHints(std::span<std::byte> bytes, std::size_t offset) const;

    /// Whether a living owner holds the file's lock. Read the content before this call: the owner writes content only
    /// after it has the lock.
    bool isOwned() const;

    /// Whether process `pid`, as numbered here, has this file open. In another pid namespace the same number means
    /// another process.
    bool isOpenIn(std::uint64_t pid) const;

    /// Whether map() of `size` bytes would succeed. @returns the error that map() would return.
    Status checkMappable(std::size_t size) const;

    /// Maps `size` bytes for reading and writing. The owner maps through a separate open file description, so that no
    /// mapping keeps its lock alive. On Windows the mapped part is separate memory, which the owner's first call
    /// creates; the file itself is open only for inspection.
    /// @returns Corrupt when the file has another size, NotFound when the owner's file was swept before it was locked.
    Result<Mapping> map(std::size_t size) const;

    /// Whether the name still leads to this file.
    bool isLinked() const;
    /// Whether the entry `name` of the folder is this file.
    bool isAt(const std::string &name) const;

    /// Takes the sweepers' lock for the lifetime of the object. @returns Busy when another sweeper does not release it
    /// in time.
    Status lockForSweep(std::chrono::milliseconds wait);

    /// Locks byte `offset` for the lifetime of the object. Where single bytes cannot be locked, takes the folder's lock
    /// instead.
    /// @returns whether the lock was free.
    bool tryLockByte(std::uint64_t offset);

    /// Removes the name. Only for the owner and for a holder of the sweepers' lock. Other processes keep what they have
    /// open.
    /// @returns whether no name leads to the file any more, or none will once it is closed.
    bool remove();

    /// Releases the locks and closes the file. The name stays.
    void close();

private:
    RecordFile(Handle handle, const Folder &folder, std::string path)
        : m_handle(std::move(handle))
        , m_folder(folder.path())
        , m_path(std::move(path))
    {
    }
    /// The same where two names cannot be exchanged.
    Status replaceWithoutExchange(RecordFile &old);
    Status renameOver(RecordFile &old); ///< POSIX
    Error notReplaced(const RecordFile &old) const;
    /// Takes the owner's lock of a new file that sweepers may have seen already.
    Status lockNew(std::chrono::milliseconds wait);

    Handle m_handle;
    std::string m_folder;
    std::string m_path;
    std::string m_instance;
    mutable Handle m_sharedPart; ///< Windows: keeps the name of the mapped memory during the ownership
    Handle m_folderLock;         ///< only where files are locked as a whole: the lock of sweepers and claims
    bool m_hasLocked = false;
    bool m_isFolderBusy = false; ///< only where files are locked as a whole: waiting for that lock timed out
};

} // namespace sharedsegment::os
