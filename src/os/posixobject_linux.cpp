// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "posixobject.h"

#include "fd_posix.h"
#include "system.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace sharedsegment::os {

namespace {

/// Reserves the pages by writing to them.
int fillPosixObject(Handle::Native native, std::uint64_t size)
{
    static const std::array<char, 65536> zeros{};
    for (std::uint64_t at = 0; at < size;) {
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(zeros.size(), size - at));
        const ssize_t count =
            retryOnEintr([&] { return ::pwrite(descriptorOf(native), zeros.data(), piece, static_cast<off_t>(at)); });
        if (count <= 0)
            return count == 0 ? ENOSPC : errno;
        at += static_cast<std::uint64_t>(count);
    }
    return 0;
}

} // namespace

Handle openPosixObject(const std::string &name, int flags)
{
    return openOwned([&] { return ::shm_open(name.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR); });
}

int sizePosixObject(Handle::Native native, std::uint64_t size)
{
    // Beyond the limit of its control group, the process would be killed instead of getting an error.
    if (size > availableMemory(size))
        return ENOMEM;
    // Reserves the pages: otherwise a full file system causes SIGBUS at the first write.
    int number = EINTR;
    while (number == EINTR)
        number = ::posix_fallocate(descriptorOf(native), 0, static_cast<off_t>(size));
    // A sandbox or a simulated kernel may lack the call.
    return number == ENOSYS || number == EPERM || number == EOPNOTSUPP ? fillPosixObject(native, size) : number;
}

} // namespace sharedsegment::os
