// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "memorybackend.h"

namespace sharedsegment::os {

/// The POSIX backend: named shared memory (shm_open(3)).
const MemoryBackend &posixBackend();

} // namespace sharedsegment::os
