// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "memorybackend.h"

namespace sharedsegment::os {

/// Named memory of POSIX (shm_open(3)).
const MemoryBackend &posixBackend();

} // namespace sharedsegment::os
