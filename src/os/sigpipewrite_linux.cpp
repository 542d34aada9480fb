// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fd_posix.h"
#include "lasting.h"

#include <fcntl.h>
#include <sys/uio.h>

// Since Linux 6.18: writev(2), RWF_NOSIGNAL.
#ifndef RWF_NOSIGNAL
#define RWF_NOSIGNAL 0x00000100
#endif

namespace sharedsegment::os {

namespace {

ssize_t writeWithoutSignal(int descriptor, char byte)
{
    const iovec bytes{&byte, 1};
    return ::pwritev2(descriptor, &bytes, 1, -1, RWF_NOSIGNAL);
}

bool tryWriteWithoutSigpipe()
{
    Handle reading;
    Handle writing;
    {
        int ends[2];
        const ForkBarrier barrier;
        if (::pipe2(ends, O_CLOEXEC) == -1)
            return false;
        reading = Handle(ends[0], barrier);
        writing = Handle(ends[1], barrier);
    }
    return writeWithoutSignal(descriptorOf(writing.native()), 0) == 1;
}

} // namespace

bool isWriteWithoutSigpipe()
{
    static constinit Lasting<bool> isWithoutSigpipe;
    return isWithoutSigpipe.get(&tryWriteWithoutSigpipe);
}

ssize_t writeWithoutSigpipe(int descriptor, char byte)
{
    return isWriteWithoutSigpipe() ? writeWithoutSignal(descriptor, byte) : ::write(descriptor, &byte, 1);
}

} // namespace sharedsegment::os
