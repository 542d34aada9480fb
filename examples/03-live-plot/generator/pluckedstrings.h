// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sound.h"

/// Plucked strings, for when there is no file.
Sound pluckedStrings();
