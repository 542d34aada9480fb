// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// What a station does as a writer that never pauses.
Station::Commands writerCommands();
