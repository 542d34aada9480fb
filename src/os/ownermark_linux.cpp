// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "ownermark.h"

#include "fd_posix.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sharedsegment::os {

namespace {

constexpr int CreateTries = 8;

} // namespace

Result<OwnerMark> OwnerMark::create(const std::string &path)
{
    // Until the FIFO is open it looks like a dead owner's mark, and a sweep may remove it. Then try again.
    for (int tries = 1;; ++tries) {
        Result<Doorbell> fifo = Doorbell::create(path);
        if (fifo) {
            OwnerMark mark;
            mark.m_fifo = *std::move(fifo);
            return mark;
        }
        if (fifo.error().code != ErrorCode::NotFound || tries == CreateTries)
            return fifo.error();
    }
}

Result<ProcessWatch> OwnerMark::watch(const std::string &path)
{
    Handle handle = openOwned([&] { return ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW); });
    if (!handle.isValid() && errno != ENOENT)
        return systemError("opening", path, errno);
    struct stat info;
    if (!handle.isValid() || ::fstat(descriptorOf(handle.native()), &info) == -1 || !S_ISFIFO(info.st_mode))
        return Error{ErrorCode::Unsupported, "there is no mark of an owner at \"" + path + "\"; watch its process"};
    ProcessWatch watch(std::move(handle), ProcessWatch::Kind::Mark);
    if (watch.hasEnded())
        return Error{ErrorCode::NotFound, "no process holds \"" + path + "\" any more; check whether its owner lives"};
    return watch;
}

bool ProcessWatch::hasEnded() const
{
    if (m_kind == Kind::Process)
        return true;
    // Discard the bytes: they have no meaning.
    char bytes[256];
    ssize_t count = 0;
    do {
        count = retryOnEintr([&] { return ::read(descriptorOf(m_handle.native()), bytes, sizeof bytes); });
    } while (count > 0);
    return count == 0;
}

} // namespace sharedsegment::os
