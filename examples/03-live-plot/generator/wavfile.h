// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sound.h"

#include <optional>

/// Reads a WAV file: PCM of 8, 16, 24 or 32 bits, or floating point of 32 or 64 bits. Mixes up to 32 channels to one.
/// The sound repeats at its end. A truncated file gives the samples that it contains.
/// @returns nothing if the file contains no such sound; then `why` gives the reason.
/// Source: Microsoft, "Multiple Channel Audio Data and WAVE Files"; RFC 2361.
std::optional<Sound> readWavFile(const QString &path, QString *why);
