// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "memorybackend.h"

namespace sharedsegment::os {

/// The Windows backend: named file mappings in the paging file (CreateFileMappingW).
const MemoryBackend &win32Backend();

/// Maps a whole file mapping object, which must have at least `size` bytes.
/// @returns Corrupt when it is smaller, or when a part of it has no memory behind it, so that reading would end the
/// process.
Result<Mapping> mapSection(Handle::Native native, std::uint64_t size, Access access, const std::string &name);

} // namespace sharedsegment::os
