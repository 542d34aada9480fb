// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "memorybackend.h"

namespace sharedsegment::os {

/// The memfd backend: anonymous memory that is identified by a descriptor (Linux: memfd_create(2)). Other processes
/// reach it through /proc/PID/fd.
const MemoryBackend &memfdBackend();

} // namespace sharedsegment::os
