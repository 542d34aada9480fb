// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "command.h"

#include "../core/sharedsegment.h"

/// Options that `create` and `publish` share.
namespace Creation {

void addOptions(Arguments &arguments);
/// The requested layout. If it is invalid, reports a usage error and @returns nothing.
std::optional<SharedLayout> layout(const Arguments &arguments);
/// The requested capacity; without `--capacity` the default of a stream, or 0 for an array. If it is invalid, reports a
/// usage error and @returns nothing.
std::optional<qint64> capacity(const Arguments &arguments);
/// Creates the segment with the other requested options. @returns the code to exit with on failure.
std::optional<ExitCode> create(const Arguments &arguments, const SharedLayout &layout, qint64 capacity,
                               SharedSegment *segment);

} // namespace Creation
