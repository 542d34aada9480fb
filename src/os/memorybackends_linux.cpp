// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "lasting.h"
#include "memory_memfd.h"
#include "memory_posix.h"

namespace sharedsegment::os {

const std::vector<const MemoryBackend *> &memoryBackends()
{
    static constinit Lasting<std::vector<const MemoryBackend *>> backends;
    return backends.get([] { return std::vector<const MemoryBackend *>{&memfdBackend(), &posixBackend()}; });
}

} // namespace sharedsegment::os
