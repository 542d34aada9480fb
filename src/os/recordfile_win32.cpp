// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "recordfile.h"

#include "memory_win32.h"
#include "recordlock.h"
#include "support_win32.h"
#include "system.h"

#include <cstring>
#include <utility>
#include <vector>

namespace sharedsegment::os {

namespace {

constexpr std::uint64_t OwnerByte = 0;
constexpr std::uint64_t SweeperByte = 1;

/// A lock blocks reading of the locked range, so locks lie beyond the end of any file.
OVERLAPPED placeOfLock(std::uint64_t byte)
{
    constexpr std::uint64_t First = std::uint64_t(1) << 62;
    OVERLAPPED place = {};
    place.Offset = static_cast<DWORD>(First + byte);
    place.OffsetHigh = static_cast<DWORD>((First + byte) >> 32);
    return place;
}

bool lock(Handle::Native native, std::uint64_t byte, DWORD kind)
{
    OVERLAPPED place = placeOfLock(byte);
    return ::LockFileEx(handleOf(native), kind | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place) != 0;
}

void unlock(Handle::Native native, std::uint64_t byte)
{
    OVERLAPPED place = placeOfLock(byte);
    ::UnlockFileEx(handleOf(native), 0, 1, 0, &place);
}

Status lockByte(Handle::Native native, std::chrono::milliseconds wait, const std::string &path, std::uint64_t byte)
{
    const auto tryLock = [&]() -> std::optional<Status> {
        if (lock(native, byte, LOCKFILE_EXCLUSIVE_LOCK))
            return Status();
        if (::GetLastError() == ERROR_LOCK_VIOLATION || ::GetLastError() == ERROR_IO_PENDING)
            return std::nullopt;
        return lastError("locking", path);
    };
    return lockWithin(
        wait, path, tryLock, [] { return std::uint64_t(0); }, "the Resource Monitor");
}

Handle openFile(const std::string &path, DWORD access, DWORD disposition)
{
    constexpr DWORD Anybody = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const std::wstring wide = toWidePath(path);
    Handle handle;
    retryOnSharingViolation([&] {
        handle = owned(::CreateFileW(wide.c_str(), access, Anybody, currentUserSecurity(), disposition,
                                     FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
        return handle.isValid();
    });
    return handle;
}

/// FileRenameInfoEx, which the headers of MinGW declare for no version of Windows.
constexpr auto RenameInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);

/// Renames the file atomically. The file keeps its locks.
/// @param isReplacing whether it takes the name of another file, as rename(2) does, which needs a POSIX rename; unless
/// it does, the new name must be free
bool rename(Handle::Native native, const std::string &to, bool isReplacing = false)
{
    const std::wstring name = toWidePath(to);
    const std::size_t nameBytes = name.size() * sizeof(wchar_t);
    std::vector<std::byte> bytes(sizeof(FILE_RENAME_INFO) + nameBytes);
    auto *const info = reinterpret_cast<FILE_RENAME_INFO *>(bytes.data());
    if (isReplacing)
        info->Flags = FILE_RENAME_FLAG_REPLACE_IF_EXISTS | FILE_RENAME_FLAG_POSIX_SEMANTICS;
    else
        info->ReplaceIfExists = FALSE;
    info->FileNameLength = static_cast<DWORD>(nameBytes);
    std::memcpy(info->FileName, name.data(), nameBytes);
    return retryOnSharingViolation([&] {
        return ::SetFileInformationByHandle(handleOf(native), isReplacing ? RenameInfoEx : FileRenameInfo, bytes.data(),
                                            static_cast<DWORD>(bytes.size()))
            != 0;
    });
}

std::size_t readAt(Handle::Native native, std::span<std::byte> bytes)
{
    OVERLAPPED start = {};
    DWORD count = 0;
    return ::ReadFile(handleOf(native), bytes.data(), static_cast<DWORD>(bytes.size()), &count, &start) != 0 ? count
                                                                                                             : 0;
}

bool leadsTo(const std::string &path, Handle::Native native)
{
    BY_HANDLE_FILE_INFORMATION own;
    BY_HANDLE_FILE_INFORMATION named;
    const Handle present = openFile(path, 0, OPEN_EXISTING);
    return present.isValid() && ::GetFileInformationByHandle(handleOf(native), &own) != 0
        && ::GetFileInformationByHandle(handleOf(present.native()), &named) != 0
        && own.dwVolumeSerialNumber == named.dwVolumeSerialNumber && own.nFileIndexHigh == named.nFileIndexHigh
        && own.nFileIndexLow == named.nFileIndexLow;
}

} // namespace

Result<RecordFile> RecordFile::create(const Folder &folder, const std::string &instanceHex)
{
    std::string path = folder.pathOf(temporaryName(instanceHex));
    Handle handle = openFile(path, GENERIC_READ | GENERIC_WRITE | DELETE, CREATE_NEW);
    if (!handle.isValid())
        return lastError("making", path);
    RecordFile file(std::move(handle), folder, std::move(path));
    file.setInstance(instanceHex);
    if (Status locked = file.lockNew(LockWait); !locked) {
        file.remove();
        return locked.error();
    }
    return file;
}

Status RecordFile::write(std::span<const std::byte> content)
{
    OVERLAPPED start = {};
    DWORD count = 0;
    if (::WriteFile(handleOf(m_handle.native()), content.data(), static_cast<DWORD>(content.size()), &count, &start)
        == 0)
        return lastError("writing a record in", m_folder);
    if (count != content.size())
        return systemError("writing a record in", m_folder, ERROR_DISK_FULL);
    return {};
}

Result<RecordFile> RecordFile::open(const Folder &folder, const std::string &name)
{
    std::string path = folder.pathOf(name);
    Handle handle = openFile(path, GENERIC_READ | GENERIC_WRITE | DELETE, OPEN_EXISTING);
    if (!handle.isValid())
        return lastError("opening", path);
    BY_HANDLE_FILE_INFORMATION info;
    if (::GetFileInformationByHandle(handleOf(handle.native()), &info) == 0)
        return lastError("examining", path);
    if ((info.dwFileAttributes & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DIRECTORY)) != 0)
        return systemError("opening", path, ERROR_CANT_ACCESS_FILE);
    return RecordFile(std::move(handle), folder, std::move(path));
}

Status RecordFile::publish(const std::string &name)
{
    std::string to = m_folder + '/' + name;
    if (!rename(m_handle.native(), to))
        return lastError("publishing", to);
    m_path = std::move(to);
    return {};
}

Error RecordFile::notReplaced(const RecordFile &old) const
{
    return {ErrorCode::AlreadyExists,
            "another file lies at \"" + old.m_path + "\", in the place of this owner's record; remove it"};
}

Status RecordFile::replace(RecordFile &old)
{
    if (!old.isLinked())
        return notReplaced(old);
    if (!rename(m_handle.native(), old.m_path, true))
        return replaceWithoutExchange(old);
    std::swap(m_path, old.m_path);
    return {};
}

Status RecordFile::replaceWithoutExchange(RecordFile &old)
{
    // In two steps, under the sweepers' lock of the old record.
    if (Status locked = old.lockForSweep(LockWait); !locked)
        return locked;
    const std::string place = old.m_path;
    const std::string aside = m_folder + '/' + temporaryName(old.m_instance);
    Status replaced;
    if (!rename(old.m_handle.native(), aside)) {
        replaced = lastError("replacing", place);
    } else if (rename(m_handle.native(), place)) {
        m_path = place;
        old.m_path = aside;
    } else {
        replaced = lastError("replacing", place);
        rename(old.m_handle.native(), place);
    }
    unlock(old.m_handle.native(), SweeperByte);
    return replaced;
}

std::size_t RecordFile::read(std::span<std::byte> bytes) const
{
    return readAt(m_handle.native(), bytes);
}

std::size_t RecordFile::readHints(std::span<std::byte> bytes, std::size_t offset) const
{
    const Result<Mapping> shared = map(offset + bytes.size());
    if (!shared)
        return 0;
    std::memcpy(bytes.data(), shared->data() + offset, bytes.size());
    return bytes.size();
}

bool RecordFile::isOwned() const
{
    // A shared lock may overlap this object's own lock, and the first unlock would then end the latter.
    if (m_hasLocked)
        return true;
    // A lock cannot be tested without taking it: take a shared one for a moment, which other tests do not block.
    if (!lock(m_handle.native(), OwnerByte, 0))
        return true;
    unlock(m_handle.native(), OwnerByte);
    return false;
}

bool RecordFile::isOpenIn(std::uint64_t pid) const
{
    return hasOpen(pid, m_handle.native());
}

bool RecordFile::removeNonRegularFile(const Folder &, const std::string &, const std::string &)
{
    // open() detects links and folders; other kinds of files do not exist here.
    return false;
}

Status RecordFile::checkMappable(std::size_t size) const
{
    const Result<Mapping> mapping = map(size);
    return mapping ? Status() : mapping.error();
}

Result<Mapping> RecordFile::map(std::size_t size) const
{
    const std::string path = m_folder + "/." + m_instance + ".record";
    const std::wstring name = kernelObjectName(path);
    if (m_hasLocked && !m_sharedPart.isValid()) {
        Handle made = owned(::CreateFileMappingW(INVALID_HANDLE_VALUE, currentUserSecurity(), PAGE_READWRITE, 0,
                                                 static_cast<DWORD>(size), name.c_str()));
        if (!made.isValid() || ::GetLastError() == ERROR_ALREADY_EXISTS)
            return lastError("making the memory of the record", path);
        m_sharedPart = std::move(made);
    }
    if (m_sharedPart.isValid())
        return mapSection(m_sharedPart.native(), size, Access::ReadWrite, path);
    const Handle found = owned(::OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name.c_str()));
    if (!found.isValid()) {
        const bool isMissing = ::GetLastError() == ERROR_FILE_NOT_FOUND;
        return lastError("opening the memory of the record", path,
                         isMissing
                             ? "try again; an owner in another session of this machine, a service, say, is out of reach"
                             : "");
    }
    return mapSection(found.native(), size, Access::ReadWrite, path);
}

bool RecordFile::isLinked() const
{
    return leadsTo(m_path, m_handle.native());
}

bool RecordFile::isAt(const std::string &name) const
{
    return leadsTo(m_folder + '/' + name, m_handle.native());
}

Status RecordFile::lockNew(std::chrono::milliseconds wait)
{
    m_hasLocked = true;
    // Takes the sweepers' lock first: until the file is locked, a sweeper may have taken it for a dead owner's and be
    // about to remove it.
    if (Status locked = lockByte(m_handle.native(), wait, m_path, SweeperByte); !locked)
        return locked;
    Status locked = lockByte(m_handle.native(), wait, m_path, OwnerByte);
    unlock(m_handle.native(), SweeperByte);
    return locked;
}

Status RecordFile::lockForSweep(std::chrono::milliseconds wait)
{
    return lockByte(m_handle.native(), wait, m_path, SweeperByte);
}

bool RecordFile::tryLockByte(std::uint64_t offset)
{
    return lock(m_handle.native(), offset, LOCKFILE_EXCLUSIVE_LOCK);
}

bool RecordFile::remove()
{
    // A deleted file keeps its name while any process has it open, so rename it first.
    const std::string_view name = std::string_view(m_path).substr(m_folder.size() + 1);
    std::string aside = m_folder + '/' + temporaryName(m_instance);
    if (!isTemporaryName(name) && rename(m_handle.native(), aside))
        m_path = std::move(aside);
    FILE_DISPOSITION_INFO info = {TRUE};
    return retryOnSharingViolation([&] {
        return ::SetFileInformationByHandle(handleOf(m_handle.native()), FileDispositionInfo, &info, sizeof info) != 0;
    });
}

void RecordFile::close()
{
    m_sharedPart.reset();
    m_handle.reset();
}

} // namespace sharedsegment::os
