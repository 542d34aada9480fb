// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "command.h"

#include "../core/sharedlayout.h"

#include <QtCore/QVariantMap>

/// The options that say what the values of a new segment mean: `--metadata` and `--unit`.
namespace MetadataOptions {

void add(Arguments &arguments);

/// Reads the options for a segment of that layout. @returns the code to exit with, or nothing if they are good.
std::optional<ExitCode> read(const Arguments &arguments, const SharedLayout &layout, QVariantMap *metadata);

} // namespace MetadataOptions
