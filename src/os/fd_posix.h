// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"
#include "mapping.h"

#include <cerrno>
#include <cstdint>
#include <limits>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/// Helpers shared by the POSIX source files of this layer.
namespace sharedsegment::os {

inline int descriptorOf(Handle::Native native)
{
    return static_cast<int>(native);
}

/// Whether the number may belong to a process. A record's number that does not fit would become another process's.
inline bool isPid(std::uint64_t number)
{
    return number > 0 && number <= static_cast<std::uint64_t>(std::numeric_limits<pid_t>::max());
}

/// Repeats `call` while a signal interrupts it.
template<typename Call>
auto retryOnEintr(Call call)
{
    auto result = call();
    while (result == -1 && errno == EINTR)
        result = call();
    return result;
}

/// Opens a descriptor and registers its owner before a fork can copy it. If the handle is invalid, errno is the error
/// of `open`.
template<typename Open>
Handle openOwned(Open open)
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

/// Sets mode 0600 on a file that this process has just created, regardless of the umask.
inline Status setMode(Handle::Native native)
{
    if (::fchmod(descriptorOf(native), S_IRUSR | S_IWUSR) == -1)
        return systemError("setting the mode of a new file", {}, errno);
    return {};
}

/// Checks the process's file size limit. Growing a file beyond it would end the process by SIGXFSZ (setrlimit(2)).
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

/// Renames a file atomically unless the new name is taken. The implementation depends on the platform. @returns false,
/// and sets errno.
bool renameNoReplace(const std::string &from, const std::string &to);

/// Exchanges the files at two paths atomically. The implementation depends on the platform. @returns false, and sets
/// errno: to ENOSYS where no system call does that.
bool renameExchange(const std::string &from, const std::string &to);

/// SIGPIPE suppression for one descriptor, on platforms that support it for each descriptor. Elsewhere use
/// writeWithoutSigpipe() or SigpipeGuard.
void suppressSigpipe(Handle::Native native);

/// Whether writeWithoutSigpipe() suppresses SIGPIPE by itself. Otherwise it is a plain write(2).
bool isWriteWithoutSigpipe();
ssize_t writeWithoutSigpipe(int descriptor, char byte);

/// Portable fallback for renameNoReplace(): creates a second link and removes the first. A kill between the two steps
/// leaves both links.
inline bool linkNew(const std::string &from, const std::string &to)
{
    if (::link(from.c_str(), to.c_str()) == -1)
        return false;
    ::unlink(from.c_str());
    return true;
}

} // namespace sharedsegment::os
