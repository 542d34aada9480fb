// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

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

/// A file of the registry folder whose owner is known by a kernel lock on byte 0.
///
/// The owner's object holds that lock from before the file has content until it is closed or its process ends, however that
/// happens. Nobody else ever takes it. Not for general files: no reading or writing beyond what records need.
class RecordFile
{
public:
    /// As long as anything here waits for another process at most, which may be stopped: callers have an event loop to go on with. Four
    /// times as long on a machine that is too busy to run who waits, see lockWithin().
    static constexpr std::chrono::milliseconds LockWait{50};

    RecordFile() = default;
    RecordFile(RecordFile &&) = default;
    RecordFile &operator=(RecordFile &&) = default;

    /// Makes a locked, empty file for the record of an instance, under its temporary name.
    static Result<RecordFile> create(const Folder &folder, const std::string &instanceHex);

    /// The name that an instance's record has before its publication and, on Windows, once more while it is being deleted.
    static std::string temporaryName(const std::string &instanceHex) { return '.' + instanceHex + ".new"; }
    static bool isTemporaryName(std::string_view name)
    {
        constexpr std::size_t Size = 1 + 32 + 4;
        return name.size() == Size && name.starts_with('.') && name.ends_with(".new");
    }

    /// Gives the file its content, whole, and with it all the room that it will ever need. Only for the owner, once.
    /// @returns OutOfMemory when there is no room.
    Status write(std::span<const std::byte> content);

    /// Opens a record to look at it. @returns NotFound where there is none.
    static Result<RecordFile> open(const Folder &folder, const std::string &name);

    /// Takes away what is no file in the place of a record: a link, a socket, an empty folder. Goes by `instanceHex`, which is nobody's.
    /// @returns whether nothing is left there.
    static bool removeOther(const Folder &folder, const std::string &name, const std::string &instanceHex);

    /// Says whose record it is, which its content told. Wanted by map(), readHints() and remove().
    void setInstance(std::string instanceHex) { m_instance = std::move(instanceHex); }

    bool isOpen() const { return m_handle.isValid(); }
    const std::string &path() const { return m_path; }

    /// Gives the complete file its name, in one step. @returns AlreadyExists if the name is taken, and then keeps the old name;
    /// NotFound if the temporary name was swept meanwhile.
    Status publish(const std::string &name);

    /// The first bytes of the file, as many as there are and fit. @returns how many.
    std::size_t read(std::span<std::byte> bytes) const;

    /// The bytes from `offset` on as the participants change them, in the part that is mapped. @returns how many there are and fit.
    std::size_t readHints(std::span<std::byte> bytes, std::size_t offset) const;

    /// Whether a living owner holds the file. Read the content first and ask then: content comes after the lock.
    bool isOwned() const;

    /// Whether the process that has this pid here is seen to have the file open. In another pid namespace the same number is somebody else's.
    bool isOpenIn(std::uint64_t pid) const;

    /// Whether map() of `size` bytes would succeed. @returns the error that it would give.
    Status checkMappable(std::size_t size) const;

    /// Maps `size` bytes for reading and writing; the owner through an opening of its own, so that no mapping keeps the lock alive.
    /// On Windows it is memory of its own that is mapped, made by the owner's first call: the file is open only while one looks.
    /// @returns Corrupt where the file has another size, NotFound where the owner's file was swept before it was locked.
    Result<Mapping> map(std::size_t size) const;

    /// Whether the file is still the one that its name leads to.
    bool isInPlace() const;
    /// Whether the file is the one of this name in the folder.
    bool isAt(const std::string &name) const;

    /// Keeps other sweepers away until the object goes. @returns Busy when another one does not end within the time.
    Status lockForSweep(std::chrono::milliseconds wait);

    /// Locks byte `offset` for as long as the object lives; where bytes cannot be locked, all of them together. @returns whether it was free.
    bool tryLockByte(std::uint64_t offset);

    /// Takes the name away. Only for the owner and for who holds the sweep lock; others keep what they have open.
    void remove();

    /// Unlocks and closes. The name stays.
    void close();

private:
    RecordFile(Handle handle, const Folder &folder, std::string path)
        : m_handle(std::move(handle))
        , m_folder(folder.path())
        , m_path(std::move(path))
    {
    }
    /// Takes the owner's lock, of a file that sweepers may have seen already.
    Status lockNew(std::chrono::milliseconds wait);

    Handle m_handle;
    std::string m_folder;
    std::string m_path;
    std::string m_instance;
    mutable Handle m_sharedPart; ///< Windows: keeps the name of the memory for as long as the owner owns
    Handle m_folderLock;         ///< where only whole files can be locked: that of sweepers and claims
    bool m_hasLocked = false;
    bool m_isFolderBusy = false; ///< where only whole files can be locked: waited for that lock in vain
};

} // namespace sharedsegment::os
