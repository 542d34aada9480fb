// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "memorybackend.h"

namespace sharedsegment::os {

/// Anonymous memory that a descriptor names (Linux: memfd_create(2)); others reach it through /proc/PID/fd.
const MemoryBackend &memfdBackend();

} // namespace sharedsegment::os
