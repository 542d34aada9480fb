// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>

/// Returns the name of a living owner that is most similar to `name`, to suggest it for a mistyped one; empty if none
/// is similar. Examines a bounded number of names.
std::string nearName(const std::string &name);
