// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "command.h"
#include "elementtext.h"

#include <optional>

/// The options of commands that write or read CSV.
namespace CsvOptions {

void add(Arguments &arguments);
/// Also --missing and --comment.
void addForReading(Arguments &arguments);
/// Nothing after a usage error.
std::optional<CsvStyle> style(const Arguments &arguments, bool isReading);

} // namespace CsvOptions
