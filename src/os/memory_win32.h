// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "memorybackend.h"

namespace sharedsegment::os {

/// Named file mappings that lie in the paging file (CreateFileMappingW).
const MemoryBackend &win32Backend();

/// Maps a file mapping object, at least `size` bytes of it and all that it has. @returns Corrupt where it has less, or where a part
/// of it has no memory behind it and reading would end the process.
Result<Mapping> mapSection(Handle::Native native, std::uint64_t size, Access access, const std::string &name);

} // namespace sharedsegment::os
