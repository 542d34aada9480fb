// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memory_memfd.h"
#include "memory_posix.h"

namespace sharedsegment::os {

const std::vector<const MemoryBackend *> &memoryBackends()
{
    static const std::vector<const MemoryBackend *> backends{&memfdBackend(), &posixBackend()};
    return backends;
}

} // namespace sharedsegment::os
