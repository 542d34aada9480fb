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
    // Until it is open it looks like one of a dead owner, and may be swept.
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
    Handle handle = opened([&] { return ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW); });
    if (!handle.isValid() && errno != ENOENT)
        return systemError("opening", path, errno);
    struct stat info;
    if (!handle.isValid() || ::fstat(descriptorOf(handle.native()), &info) == -1 || !S_ISFIFO(info.st_mode))
        return Error{ErrorCode::Unsupported, "there is no mark of an owner at \"" + path + "\"; watch its process"};
    ProcessWatch watch(std::move(handle), ProcessWatch::Kind::Mark);
    if (watch.hasEnded())
        return Error{ErrorCode::NotFound, "nobody holds \"" + path + "\" any more; look whether its owner lives"};
    return watch;
}

bool ProcessWatch::hasEnded() const
{
    if (m_kind == Kind::Process)
        return true;
    // Bytes in it mean nothing.
    char bytes[256];
    ssize_t count = 0;
    do {
        count = retrying([&] { return ::read(descriptorOf(m_handle.native()), bytes, sizeof bytes); });
    } while (count > 0);
    return count == 0;
}

} // namespace sharedsegment::os
