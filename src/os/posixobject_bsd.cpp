// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// For macOS and FreeBSD.

#include "posixobject.h"

#include "fd_posix.h"
#include "system.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace sharedsegment::os {

Handle openPosixObject(const std::string &name, int flags)
{
    // macOS rejects O_CLOEXEC here: the descriptor has it by default.
#ifdef __APPLE__
    return openOwned([&] { return ::shm_open(name.c_str(), flags, S_IRUSR | S_IWUSR); });
#else
    return openOwned([&] { return ::shm_open(name.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR); });
#endif
}

int sizePosixObject(Handle::Native native, std::uint64_t size)
{
    // The system reserves no memory, so this check rejects sizes beyond the available memory. macOS accepts one size
    // for each object and rounds it up to whole pages.
    if (size > availableMemory(size))
        return ENOMEM;
    return retryOnEintr([&] { return ::ftruncate(descriptorOf(native), static_cast<off_t>(size)); }) == 0 ? 0 : errno;
}

} // namespace sharedsegment::os
