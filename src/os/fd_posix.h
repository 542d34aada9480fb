// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "mapping.h"
#include "memory.h"

#include <cerrno>
#include <cstdint>
#include <limits>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/// Small things that the POSIX files of this room share.
namespace sharedsegment::os {

inline int descriptorOf(Handle::Native native)
{
    return static_cast<int>(native);
}

/// Calls again while a signal interrupts.
template<typename Call>
auto retrying(Call call)
{
    auto result = call();
    while (result == -1 && errno == EINTR)
        result = call();
    return result;
}

/// Opens a descriptor and owns it before any fork can copy it. Where it is not valid, errno is the call's.
template<typename Open>
Handle opened(Open open)
{
    const ForkBarrier barrier;
    return Handle(open(), barrier);
}

inline Result<Mapping> mapDescriptor(Handle::Native native, std::uint64_t size, Access access, const char *what)
{
    const int protection = access == Access::ReadWrite ? PROT_READ | PROT_WRITE : PROT_READ;
    if (size > std::numeric_limits<std::size_t>::max())
        return Error{ErrorCode::OutOfMemory, "a program of this word size cannot map " + std::to_string(size)
                                                 + " bytes; ask for a smaller size"};
    void *const address =
        ::mmap(nullptr, static_cast<std::size_t>(size), protection, MAP_SHARED, descriptorOf(native), 0);
    if (address == MAP_FAILED)
        return systemError("mapping", what, errno);
    return Mapping(static_cast<std::byte *>(address), size);
}

/// Gives what this process has just made the mode 0600, whatever its umask took away.
inline Status setMode(Handle::Native native)
{
    if (::fchmod(descriptorOf(native), S_IRUSR | S_IWUSR) == -1)
        return systemError("setting the mode of a new file", {}, errno);
    return {};
}

/// Whether a file of this process may become so large. Where it may not, growing it would end the process by SIGXFSZ (setrlimit(2)).
inline Status checkFileSize(std::uint64_t size)
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_FSIZE, &limit) == -1 || limit.rlim_cur == RLIM_INFINITY
        || size <= static_cast<std::uint64_t>(limit.rlim_cur))
        return {};
    return Error{ErrorCode::OutOfMemory,
                 "this process may make no file of " + std::to_string(size) + " bytes, its limit is "
                     + std::to_string(limit.rlim_cur) + "; raise it with \"ulimit -f\", or ask for a smaller size",
                 EFBIG};
}

/// Gives a file a name in one step, if nothing has that name: the platform's way. @returns false, with errno.
bool renameNew(const std::string &from, const std::string &to);

/// Has writing to this descriptor send no SIGPIPE, where the platform does that for each; elsewhere writeQuietly() or QuietRinging
/// sees to it.
void keepQuiet(Handle::Native native);

/// Whether writeQuietly() by itself sends no SIGPIPE; otherwise it is write(2).
bool isWritingQuiet();
ssize_t writeQuietly(int descriptor, char byte);

/// The way that all have: a second link, and the first one's removal. A kill in between leaves both.
inline bool linkNew(const std::string &from, const std::string &to)
{
    if (::link(from.c_str(), to.c_str()) == -1)
        return false;
    ::unlink(from.c_str());
    return true;
}

} // namespace sharedsegment::os
