// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "system.h"

namespace sharedsegment::os {

std::string describeProcess(std::uint64_t pid)
{
    const std::string program = programName(pid);
    return (program.empty() ? std::string() : program + ", ") + "process " + std::to_string(pid);
}

} // namespace sharedsegment::os
