// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "posixobject.h"

#include "fd_posix.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace sharedsegment::os {

Handle openPosixObject(const std::string &name, int flags)
{
    return opened([&] { return ::shm_open(name.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR); });
}

int sizePosixObject(Handle::Native native, std::uint64_t size)
{
    // Reserves the pages: without, a full file system shows as SIGBUS at the first write.
    int number = EINTR;
    while (number == EINTR)
        number = ::posix_fallocate(descriptorOf(native), 0, static_cast<off_t>(size));
    return number;
}

} // namespace sharedsegment::os
