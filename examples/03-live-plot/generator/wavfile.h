// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sound.h"

#include <optional>

/// Reads a WAV file: PCM of 8, 16, 24 or 32 bits, or floating point of 32 or 64, of up to 32 channels, which are mixed
/// to one. The sound starts again when it has ended. A file that ends too early gives what is there.
/// @returns nothing if there is no such sound in it; `why` then says so.
/// Source: Microsoft, "Multiple Channel Audio Data and WAVE Files"; RFC 2361.
std::optional<Sound> readWavFile(const QString &path, QString *why);
