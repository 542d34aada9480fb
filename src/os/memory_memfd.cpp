// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memory_memfd.h"

#include "fd_posix.h"
#include "lasting.h"
#include "system.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace sharedsegment::os {

namespace {

constexpr int SealsOfSize = F_SEAL_SHRINK | F_SEAL_GROW;

int sealsFor(Sharing sharing)
{
    return SealsOfSize | F_SEAL_SEAL | (sharing == Sharing::SingleWriter ? F_SEAL_FUTURE_WRITE : 0);
}

Error unreachable(const MemoryLocation &location, const char *why, ErrorCode code, int number)
{
    return {code,
            "the memory of process " + std::to_string(location.pid) + " cannot be reached through /proc (" + why
                + "); have its owner create it with the backend \"posix\"",
            number};
}

Handle makeMemfd()
{
    constexpr unsigned Flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    Handle handle = openOwned([] { return ::memfd_create("sharedsegment", Flags | MFD_NOEXEC_SEAL); });
    // Kernels before 6.3 reject the flag.
    if (!handle.isValid() && errno == EINVAL)
        handle = openOwned([] { return ::memfd_create("sharedsegment", Flags); });
    return handle;
}

/// Whether an old kernel or a sandbox rejected the call.
bool isRefused(int number)
{
    return number == ENOSYS || number == EPERM || number == EACCES;
}

Error refused(int number)
{
    Error error = systemError("memfd_create", {}, number,
                              "the kernel is old, or a sandbox forbids it: use the backend \"posix\", or Automatic");
    error.code = ErrorCode::Unsupported;
    return error;
}

class MemfdBackend final : public MemoryBackend
{
public:
    Backend id() const override { return Backend::Memfd; }
    std::string objectName(const std::string &) const override { return {}; }

    Status checkUsable() const override
    {
        static constinit Lasting<int> number;
        const int known = number.get([] { return makeMemfd().isValid() ? 0 : errno; });
        return isRefused(known) ? refused(known) : Status();
    }

    Result<Handle> create(const std::string &, std::uint64_t size) const override
    {
        if (size > availableMemory(size))
            return Error{ErrorCode::OutOfMemory,
                         "the machine cannot give " + std::to_string(size) + " bytes; ask for a smaller size", ENOMEM};
        if (Status allowed = checkFileSize(size); !allowed)
            return allowed.error();
        Handle handle = makeMemfd();
        if (!handle.isValid())
            return isRefused(errno) ? refused(errno) : systemError("memfd_create", {}, errno);
        const int descriptor = descriptorOf(handle.native());
        if (Status moded = setMode(handle.native()); !moded)
            return moded.error();
        if (retryOnEintr([&] { return ::ftruncate(descriptor, static_cast<off_t>(size)); }) == -1)
            return systemError("ftruncate of a memfd", {}, errno);
        return handle;
    }

    Result<Handle> open(const MemoryLocation &location, Access access, Sharing sharing,
                        std::uint64_t size) const override
    {
        const std::string path = "/proc/" + std::to_string(location.pid) + "/fd/" + std::to_string(location.descriptor);
        // The number may lead to any file by now. A path-only descriptor has no effect on the file.
        Handle place = openOwned([&] { return ::open(path.c_str(), O_PATH | O_CLOEXEC); });
        if (!place.isValid()) {
            const int number = errno;
            if (number == EACCES || number == EPERM)
                return unreachable(location, "permission denied", ErrorCode::PermissionDenied, number);
            if (number == ENOENT)
                return unreachable(location, "no such process or descriptor", ErrorCode::NotFound, number);
            return systemError("opening", path, number);
        }
        struct stat info;
        struct statfs system;
        const int placeDescriptor = descriptorOf(place.native());
        if (::fstat(placeDescriptor, &info) == -1 || ::fstatfs(placeDescriptor, &system) == -1)
            return systemError("examining", path, errno);
        if (!S_ISREG(info.st_mode) || system.f_type != TMPFS_MAGIC)
            return unreachable(location, "another file is in its place", ErrorCode::NotFound, 0);
        if (static_cast<std::uint64_t>(info.st_size) != size)
            return Error{ErrorCode::NotFound,
                         "another memory is in the place of process " + std::to_string(location.pid) + "'s; try again"};
        const std::string again = "/proc/self/fd/" + std::to_string(placeDescriptor);
        Handle handle = openOwned(
            [&] { return ::open(again.c_str(), (access == Access::ReadWrite ? O_RDWR : O_RDONLY) | O_CLOEXEC); });
        if (!handle.isValid())
            return systemError("opening", path, errno);
        // Only a memfd can have the size seals: tmpfs files have F_SEAL_SEAL alone.
        const int seals = ::fcntl(descriptorOf(handle.native()), F_GET_SEALS);
        const int wanted = sealsFor(sharing);
        if (seals == -1 || (seals & wanted) != wanted)
            return Error{ErrorCode::NotFound,
                         "the memory of process " + std::to_string(location.pid)
                             + " is not sealed as a segment is; try again, or have its owner create it again"};
        return handle;
    }

    void remove(const MemoryLocation &) const override { }

    Result<Mapping> map(const Handle &memory, std::uint64_t size, Access access) const override
    {
        return mapDescriptor(memory.native(), size, access, "memfd");
    }

    Status seal(const Handle &memory, Sharing sharing) const override
    {
        if (::fcntl(descriptorOf(memory.native()), F_ADD_SEALS, sealsFor(sharing)) == -1)
            return systemError("sealing a memfd", {}, errno);
        return {};
    }
};

} // namespace

const MemoryBackend &memfdBackend()
{
    static constexpr MemfdBackend backend;
    return backend;
}

} // namespace sharedsegment::os
