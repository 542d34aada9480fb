// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fd_posix.h"

namespace sharedsegment::os {

bool isWriteWithoutSigpipe()
{
    return false;
}

ssize_t writeWithoutSigpipe(int descriptor, char byte)
{
    return ::write(descriptor, &byte, 1);
}

} // namespace sharedsegment::os
