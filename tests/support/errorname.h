// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "os/error.h"

#include <cstddef>

namespace sharedsegment {

/// The name of an error code, for the output of tests.
inline const char *textOf(ErrorCode code)
{
    static constexpr const char *names[] = {
        "NoError",          "InvalidName",    "InvalidLayout",      "InvalidSize", "AlreadyExists", "NotFound",
        "PermissionDenied", "LayoutMismatch", "UnsupportedVersion", "Corrupt",     "OutOfMemory",   "Busy",
        "Unsupported",      "SystemError",    "InvalidState",       "InvalidValue"};
    return names[static_cast<std::size_t>(code)];
}

} // namespace sharedsegment
