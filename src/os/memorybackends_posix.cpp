// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memory_posix.h"

namespace sharedsegment::os {

const std::vector<const MemoryBackend *> &memoryBackends()
{
    static const std::vector<const MemoryBackend *> backends{&posixBackend()};
    return backends;
}

} // namespace sharedsegment::os
