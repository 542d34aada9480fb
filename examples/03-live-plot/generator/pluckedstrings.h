// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sound.h"

/// Sound of plucked strings, used without a file.
Sound pluckedStrings();
