// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "command.h"

#include "../core/sharedsegment.h"

/// What `create` and `publish` have in common.
namespace Creation {

void addOptions(Arguments &asked);
/// Creates the segment as asked, with `length` elements where no --length was given. @returns the code to end with on failure.
std::optional<ExitCode> create(const Arguments &asked, SharedSegment *segment, qint64 length = 1);
/// The layout that was asked for. Complains and @returns nothing if it is none.
std::optional<SharedLayout> layout(const Arguments &asked);

} // namespace Creation
