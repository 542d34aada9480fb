// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

namespace sharedsegment::os {

/// The bytes that this process's control groups let it still take, before one of their processes is killed; the largest number if they set no
/// limit.
std::uint64_t leftInControlGroups();

} // namespace sharedsegment::os
