// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "command.h"
#include "elementtext.h"

#include <optional>

/// The options of commands that write or read CSV.
namespace CsvOptions {

void add(Arguments &asked);
/// Also --missing and --comment.
void addForReading(Arguments &asked);
/// Nothing after having complained of one.
std::optional<CsvStyle> style(const Arguments &asked, bool isReading);

} // namespace CsvOptions
