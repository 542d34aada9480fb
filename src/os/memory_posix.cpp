// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memory_posix.h"

#include "fd_posix.h"
#include "posixobject.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

class PosixBackend final : public MemoryBackend
{
public:
    Backend id() const override { return Backend::Posix; }

    // 26 characters: macOS allows 30.
    std::string objectName(const std::string &instanceHex) const override { return "/ss-" + instanceHex.substr(0, 22); }

    Result<Handle> create(const std::string &object, std::uint64_t size) const override
    {
        if (Status allowed = checkFileSize(size); !allowed)
            return allowed.error();
        Handle handle = openPosixObject(object, O_RDWR | O_CREAT | O_EXCL);
        if (!handle.isValid())
            return systemError("shm_open", object, errno);
        if (Status moded = setMode(handle.native()); !moded) {
            ::shm_unlink(object.c_str());
            return moded.error();
        }
        const int number = sizePosixObject(handle.native(), size);
        if (number != 0) {
            ::shm_unlink(object.c_str());
            const bool isFull = codeOfSystem(number) == ErrorCode::OutOfMemory;
            return systemError("reserving " + std::to_string(size) + " bytes for", object, number,
                               isFull ? "ask for a smaller size, enlarge /dev/shm, or use the backend \"memfd\"" : "");
        }
        return handle;
    }

    Result<Handle> open(const MemoryLocation &location, Access access, Sharing, std::uint64_t size) const override
    {
        Handle handle = openPosixObject(location.object, access == Access::ReadWrite ? O_RDWR : O_RDONLY);
        if (!handle.isValid())
            return systemError("shm_open", location.object, errno);
        struct stat info;
        if (::fstat(descriptorOf(handle.native()), &info) == -1)
            return systemError("examining", location.object, errno);
        const auto found = static_cast<std::uint64_t>(info.st_size);
        // Some kernels round up to whole pages.
        constexpr std::uint64_t LargestPage = 65536;
        if (found < size || found - size >= LargestPage)
            return Error{ErrorCode::Corrupt, "the memory \"" + location.object + "\" has " + std::to_string(found)
                                                 + " bytes, its record says " + std::to_string(size)
                                                 + "; have its owner create it again"};
        return handle;
    }

    void remove(const MemoryLocation &location) const override
    {
        // A record is untrusted input: unlink only names of the library's own form.
        if (location.object.starts_with("/ss-") && location.object.find('/', 1) == std::string::npos)
            ::shm_unlink(location.object.c_str());
    }

    Result<Mapping> map(const Handle &memory, std::uint64_t size, Access access) const override
    {
        return mapDescriptor(memory.native(), size, access, "shared memory");
    }

    Status seal(const Handle &, Sharing) const override { return {}; }
};

} // namespace

const MemoryBackend &posixBackend()
{
    static constexpr PosixBackend backend;
    return backend;
}

} // namespace sharedsegment::os
