// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// A station that is a writer without pauses.
Station::Commands writerCommands();
