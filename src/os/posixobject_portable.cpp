// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Linux with the rules of macOS, so that code that breaks them fails here: names of at most 30 characters, one size for
// each object, whole pages.

#include "posixobject.h"

#include "fd_posix.h"
#include "system.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace sharedsegment::os {

Handle openPosixObject(const std::string &name, int flags)
{
    constexpr std::size_t LongestName = 30;
    if (name.size() > LongestName) {
        errno = ENAMETOOLONG;
        return {};
    }
    return openOwned([&] { return ::shm_open(name.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR); });
}

int sizePosixObject(Handle::Native native, std::uint64_t size)
{
    constexpr std::uint64_t Page = 16384;
    struct stat info;
    if (::fstat(descriptorOf(native), &info) == -1)
        return errno;
    if (info.st_size != 0)
        return EINVAL;
    const std::uint64_t rounded = (size + Page - 1) / Page * Page;
    if (rounded < size || rounded > availableMemory(rounded))
        return ENOMEM;
    // Reserves the memory, because the tests of a full /dev/shm run in portable mode, too.
    int number = EINTR;
    while (number == EINTR)
        number = ::posix_fallocate(descriptorOf(native), 0, static_cast<off_t>(rounded));
    return number;
}

} // namespace sharedsegment::os
