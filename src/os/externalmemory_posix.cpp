// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "externalmemory.h"

#include "fd_posix.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr const char *Nameless = "memory behind a descriptor";

Error cutShort(const std::string &name)
{
    return {ErrorCode::Corrupt,
            "\"" + name + "\" has been made smaller by another process; have its owner make it again"};
}

#ifdef __APPLE__

/// macOS: read(2) and write(2) do not work on shared memory, but its size cannot shrink either. A temporary mapping is
/// therefore safe.
template<typename Copy>
ssize_t copyThroughMapping(int descriptor, std::size_t size, std::uint64_t offset, int protection, Copy copy)
{
    const std::uint64_t page = static_cast<std::uint64_t>(::getpagesize());
    const std::uint64_t first = offset / page * page;
    const std::uint64_t skipped = offset - first;
    struct stat info;
    if (::fstat(descriptor, &info) == -1)
        return -1;
    if (offset >= static_cast<std::uint64_t>(info.st_size))
        return 0;
    size = static_cast<std::size_t>(std::min<std::uint64_t>(size, static_cast<std::uint64_t>(info.st_size) - offset));
    const auto mapped = static_cast<std::size_t>(skipped + size);
    void *const view = ::mmap(nullptr, mapped, protection, MAP_SHARED, descriptor, static_cast<off_t>(first));
    if (view == MAP_FAILED)
        return -1;
    copy(static_cast<std::byte *>(view) + skipped, size);
    ::munmap(view, mapped);
    return static_cast<ssize_t>(size);
}

ssize_t readAt(int descriptor, std::span<std::byte> to, std::uint64_t offset)
{
    return copyThroughMapping(descriptor, to.size(), offset, PROT_READ,
                              [&](const std::byte *view, std::size_t size) { std::memcpy(to.data(), view, size); });
}

ssize_t writeAt(int descriptor, std::span<const std::byte> from, std::uint64_t offset)
{
    return copyThroughMapping(descriptor, from.size(), offset, PROT_READ | PROT_WRITE,
                              [&](std::byte *view, std::size_t size) { std::memcpy(view, from.data(), size); });
}

#else

ssize_t readAt(int descriptor, std::span<std::byte> to, std::uint64_t offset)
{
    return retryOnEintr([&] { return ::pread(descriptor, to.data(), to.size(), static_cast<off_t>(offset)); });
}

ssize_t writeAt(int descriptor, std::span<const std::byte> from, std::uint64_t offset)
{
    return retryOnEintr([&] { return ::pwrite(descriptor, from.data(), from.size(), static_cast<off_t>(offset)); });
}

#endif

} // namespace

Result<ExternalMemory> ExternalMemory::open(const std::string &name, Access access)
{
    const std::string object = name.starts_with('/') ? name : '/' + name;
    if (object.size() < 2 || object.size() > NAME_MAX || object.find('/', 1) != object.npos
        || object.find('\0') != object.npos)
        return Error{
            ErrorCode::InvalidName,
            "\"" + name
                + "\" names no shared memory object; give a name such as \"/psm_21467\", with no further slash and of at most 254 bytes"};
    const int flags = (access == Access::ReadWrite ? O_RDWR : O_RDONLY) | O_CLOEXEC;
    Handle handle = Handle::keptInChildren(::shm_open(object.c_str(), flags, 0));
    if (!handle.isValid()) {
        const bool isMissing = errno == ENOENT;
        return systemError("shm_open", object, errno,
                           isMissing ? "check the name, or start the program that makes it" : "");
    }
    return ExternalMemory(std::move(handle), object, true);
}

Result<ExternalMemory> ExternalMemory::share(Handle::Native native, Access access)
{
    const int descriptor = descriptorOf(native);
    const int flags = descriptor == native ? ::fcntl(descriptor, F_GETFL) : (errno = EBADF, -1);
    struct stat info;
    if (flags == -1 || ::fstat(descriptor, &info) == -1)
        return systemError("examining descriptor " + std::to_string(native), {}, errno);
    if (!S_ISREG(info.st_mode))
        return Error{ErrorCode::Unsupported, "descriptor " + std::to_string(native)
                                                 + " is no memory; give that of a memfd or a shared memory object"};
    const int mode = flags & O_ACCMODE;
    if (mode == O_WRONLY || (mode == O_RDONLY && access == Access::ReadWrite))
        return Error{ErrorCode::PermissionDenied, "descriptor " + std::to_string(native) + " is open for "
                                                      + (mode == O_WRONLY ? "writing" : "reading")
                                                      + " only; have it opened for what is wanted"};
    Handle handle = Handle::keptInChildren(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    if (!handle.isValid())
        return systemError("duplicating descriptor " + std::to_string(native), {}, errno);
    return ExternalMemory(std::move(handle), Nameless, false);
}

Result<std::uint64_t> ExternalMemory::size() const
{
    struct stat info;
    if (::fstat(descriptorOf(m_handle.native()), &info) == -1)
        return systemError("examining", m_name, errno);
    return static_cast<std::uint64_t>(info.st_size);
}

Status ExternalMemory::read(std::span<std::byte> to, std::uint64_t offset) const
{
    const int descriptor = descriptorOf(m_handle.native());
    while (!to.empty()) {
        // No memory reaches beyond the largest offset of the system.
        const bool isWithin = offset <= static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());
        const ssize_t count = isWithin ? readAt(descriptor, to, offset) : 0;
        if (count == -1)
            return systemError("reading", m_name, errno);
        if (count == 0)
            return cutShort(m_name);
        to = to.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

Status ExternalMemory::write(std::span<const std::byte> from, std::uint64_t offset) const
{
    const int descriptor = descriptorOf(m_handle.native());
    const Result<std::uint64_t> size = this->size();
    if (!size)
        return size.error();
    if (offset > *size || from.size() > *size - offset)
        return cutShort(m_name);
    while (!from.empty()) {
        const ssize_t count = writeAt(descriptor, from, offset);
        if (count == -1)
            return systemError("writing to", m_name, errno);
        from = from.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

Result<Mapping> ExternalMemory::map(std::uint64_t size, Access access) const
{
    return mapDescriptor(m_handle.native(), size, access, "shared memory");
}

Backend ExternalMemory::backend() const
{
    return m_hasName ? Backend::Posix : Backend::Memfd;
}

bool ExternalMemory::isLinked() const
{
    if (!m_hasName)
        return true;
    const Handle present = openOwned([&] { return ::shm_open(m_name.c_str(), O_RDONLY | O_CLOEXEC, 0); });
    // A failure to open (for example without free descriptors) does not prove that the object is gone.
    if (!present.isValid())
        return errno != ENOENT;
    struct stat ours;
    struct stat theirs;
    return ::fstat(descriptorOf(m_handle.native()), &ours) == -1
        || ::fstat(descriptorOf(present.native()), &theirs) == -1
        || (ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino);
}

} // namespace sharedsegment::os
