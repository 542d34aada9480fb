// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Windows has no fork.

#include "processtoken.h"

namespace sharedsegment::os {

namespace {

constinit std::uint32_t onlyToken = 1;

} // namespace

constinit std::atomic<std::uint32_t *> tokenPlace = &onlyToken;

ProcessToken makeProcessToken()
{
    return onlyToken;
}

} // namespace sharedsegment::os
