// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>

namespace sharedsegment::os {

/// The number of bytes that this process's control groups still allow before the kernel kills one of their processes;
/// the largest number if they set no limit.
std::uint64_t leftInControlGroups();

} // namespace sharedsegment::os
