// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "mapping.h"
#include "memory.h"

#include <cerrno>
#include <limits>
#include <sys/mman.h>

/// Small things that the POSIX files of this room share.
namespace sharedsegment::os {

inline int descriptorOf(Handle::Native native)
{
    return static_cast<int>(native);
}

/// Calls again while a signal interrupts.
template<typename Call>
auto retrying(Call call)
{
    auto result = call();
    while (result == -1 && errno == EINTR)
        result = call();
    return result;
}

/// Opens a descriptor and owns it before any fork can copy it. Where it is not valid, errno is the call's.
template<typename Open>
Handle opened(Open open)
{
    const ForkBarrier barrier;
    return Handle(open(), barrier);
}

inline Result<Mapping> mapDescriptor(Handle::Native native, std::uint64_t size, Access access, const char *what)
{
    const int protection = access == Access::ReadWrite ? PROT_READ | PROT_WRITE : PROT_READ;
    if (size > std::numeric_limits<std::size_t>::max())
        return Error{ErrorCode::OutOfMemory,
                     "a program of this word size cannot map " + std::to_string(size) + " bytes"};
    void *const address =
        ::mmap(nullptr, static_cast<std::size_t>(size), protection, MAP_SHARED, descriptorOf(native), 0);
    if (address == MAP_FAILED)
        return systemError("mapping", what, errno);
    return Mapping(static_cast<std::byte *>(address), size);
}

} // namespace sharedsegment::os
