// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "command.h"

#include "../core/sharedsegment.h"

/// What `create` and `publish` have in common.
namespace Creation {

void addOptions(Arguments &asked);
/// The layout that was asked for. Complains and @returns nothing if it is none.
std::optional<SharedLayout> layout(const Arguments &asked);
/// The length that was asked for, 0 where none was. Complains and @returns nothing if it is none.
std::optional<qint64> length(const Arguments &asked);
/// Creates the segment with what else was asked for. @returns the code to end with on failure.
std::optional<ExitCode> create(const Arguments &asked, const SharedLayout &layout, qint64 length,
                               SharedSegment *segment);

} // namespace Creation
