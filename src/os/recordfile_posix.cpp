// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "recordfile.h"

#include "fd_posix.h"
#include "system.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sharedsegment::os {

namespace {

std::size_t readAt(Handle::Native native, std::span<std::byte> bytes, std::size_t offset)
{
    const ssize_t count = retryOnEintr(
        [&] { return ::pread(descriptorOf(native), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
    return count < 0 ? 0 : static_cast<std::size_t>(count);
}

bool leadsTo(const std::string &path, Handle::Native native)
{
    struct stat own;
    struct stat named;
    return ::fstat(descriptorOf(native), &own) == 0 && ::lstat(path.c_str(), &named) == 0 && own.st_ino == named.st_ino
        && own.st_dev == named.st_dev;
}

} // namespace

Result<RecordFile> RecordFile::create(const Folder &folder, const std::string &instanceHex)
{
    // Covers only the record; the memory's own size is checked at its creation.
    constexpr std::uint64_t LargestRecord = 8192;
    if (Status allowed = checkFileSize(LargestRecord); !allowed)
        return allowed.error();
    std::string path = folder.pathOf(temporaryName(instanceHex));
    Handle handle = openOwned(
        [&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR); });
    if (!handle.isValid())
        return systemError("making", path, errno);
    RecordFile file(std::move(handle), folder, std::move(path));
    file.setInstance(instanceHex);
    if (Status moded = setMode(file.m_handle.native()); !moded) {
        file.remove();
        return moded.error();
    }
    if (Status locked = file.lockNew(LockWait); !locked) {
        file.remove();
        return locked.error();
    }
    return file;
}

Status RecordFile::write(std::span<const std::byte> content)
{
    // Written, not only extended: accessing a page without memory behind it raises SIGBUS when the folder's file system
    // is full.
    const ssize_t count =
        retryOnEintr([&] { return ::pwrite(descriptorOf(m_handle.native()), content.data(), content.size(), 0); });
    if (count == -1)
        return systemError("writing a record in", m_folder, errno);
    if (static_cast<std::size_t>(count) != content.size())
        return systemError("writing a record in", m_folder, ENOSPC);
    return {};
}

Result<RecordFile> RecordFile::open(const Folder &folder, const std::string &name)
{
    std::string path = folder.pathOf(name);
    // Neither block nor follow links: a record's place may hold any kind of file.
    Handle handle = openOwned([&] { return ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); });
    if (!handle.isValid()) {
        const int number = errno;
        if (number == EISDIR)
            return Error{ErrorCode::Corrupt, "\"" + path + "\" is a folder in the place of a record; remove it",
                         number};
        // Every creation passes here, and no caller shows this text.
        return number == ENOENT ? Error{ErrorCode::NotFound, "there is no such record; have it created", number}
                                : systemError("opening", path, number);
    }
    return RecordFile(std::move(handle), folder, std::move(path));
}

bool RecordFile::removeNonRegularFile(const Folder &folder, const std::string &name, const std::string &instanceHex)
{
    const std::string path = folder.pathOf(name);
    const std::string aside = folder.pathOf(temporaryName(instanceHex));
    struct stat info;
    if (::lstat(path.c_str(), &info) == -1)
        return errno == ENOENT;
    if (S_ISDIR(info.st_mode))
        return ::rmdir(path.c_str()) == 0;
    if (S_ISREG(info.st_mode) || ::rename(path.c_str(), aside.c_str()) == -1)
        return false;
    // A faster process may have put a record there.
    if (::lstat(aside.c_str(), &info) == 0 && S_ISREG(info.st_mode) && renameNoReplace(aside, path))
        return false;
    return ::unlink(aside.c_str()) == 0;
}

Status RecordFile::publish(const std::string &name)
{
    std::string to = m_folder + '/' + name;
    if (!renameNoReplace(m_path, to))
        return systemError("publishing", to, errno);
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
    if (!renameExchange(m_path, old.m_path)) {
        // The kernel or the file system lacks the call, or a sandbox rejects it.
        if (errno == EINVAL || errno == ENOSYS || errno == EPERM || errno == EOPNOTSUPP)
            return replaceWithoutExchange(old);
        return errno == ENOENT ? notReplaced(old) : systemError("replacing", old.m_path, errno);
    }
    std::swap(m_path, old.m_path);
    if (old.isLinked())
        return {};
    // What came out is not the old record: put it back.
    std::swap(m_path, old.m_path);
    renameExchange(m_path, old.m_path);
    return notReplaced(old);
}

Status RecordFile::renameOver(RecordFile &old)
{
    if (!old.isLinked())
        return notReplaced(old);
    if (::rename(m_path.c_str(), old.m_path.c_str()) == -1)
        return systemError("replacing", old.m_path, errno);
    std::swap(m_path, old.m_path);
    return {};
}

std::size_t RecordFile::read(std::span<std::byte> bytes) const
{
    return readAt(m_handle.native(), bytes, 0);
}

std::size_t RecordFile::readHints(std::span<std::byte> bytes, std::size_t offset) const
{
    return readAt(m_handle.native(), bytes, offset);
}

bool RecordFile::isOpenIn(std::uint64_t pid) const
{
    return hasOpen(pid, m_handle.native());
}

Status RecordFile::checkMappable(std::size_t size) const
{
    struct stat info;
    if (::fstat(descriptorOf(m_handle.native()), &info) == -1)
        return systemError("examining", m_path, errno);
    if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) != size)
        return Error{ErrorCode::Corrupt, "the record \"" + m_path + "\" has " + std::to_string(info.st_size)
                                             + " bytes instead of " + std::to_string(size)
                                             + "; have its owner create it again"};
    return {};
}

Result<Mapping> RecordFile::map(std::size_t size) const
{
    if (!m_hasLocked) {
        if (Status checked = checkMappable(size); !checked)
            return checked.error();
        return mapDescriptor(m_handle.native(), size, Access::ReadWrite, "a record");
    }
    // By name, because not every system has /proc/self/fd. The name leads to this file or, after a sweep, to none: no
    // other file ever gets it.
    const Handle again =
        openOwned([&] { return ::open(m_path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); });
    if (!again.isValid())
        return systemError("opening", m_path, errno);
    return mapDescriptor(again.native(), size, Access::ReadWrite, "a record");
}

bool RecordFile::isLinked() const
{
    return leadsTo(m_path, m_handle.native());
}

bool RecordFile::isAt(const std::string &name) const
{
    return leadsTo(m_folder + '/' + name, m_handle.native());
}

bool RecordFile::remove()
{
    return ::unlink(m_path.c_str()) == 0 || errno == ENOENT;
}

} // namespace sharedsegment::os
