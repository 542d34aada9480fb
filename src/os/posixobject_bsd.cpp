// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// macOS and FreeBSD.

#include "posixobject.h"

#include "fd_posix.h"
#include "system.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace sharedsegment::os {

Handle openPosixObject(const std::string &name, int flags)
{
    // macOS has no O_CLOEXEC for it: the descriptor is closed by exec as it is.
#ifdef __APPLE__
    return opened([&] { return ::shm_open(name.c_str(), flags, S_IRUSR | S_IWUSR); });
#else
    return opened([&] { return ::shm_open(name.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR); });
#endif
}

int sizePosixObject(Handle::Native native, std::uint64_t size)
{
    // Nothing reserves the memory, so that what is more than there is has to be refused here. macOS takes one size for an object, and rounds it
    // up to whole pages.
    if (size > availableMemory(size))
        return ENOMEM;
    return retrying([&] { return ::ftruncate(descriptorOf(native), static_cast<off_t>(size)); }) == 0 ? 0 : errno;
}

} // namespace sharedsegment::os
