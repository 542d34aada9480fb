// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <functional>

/// Lets the event loop run until a condition is true. @returns false if it is not within a minute.
bool waitFor(const std::function<bool()> &condition);
