// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>

/// Of the names of living owners the one that is most like `name`, if there is one like it: for who has mistyped it. Looks at a bounded number of
/// names. Empty: none.
std::string nearName(const std::string &name);
