// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../processes/station.h"

/// A station that appends to a stream, or follows one at a pace of its own.
Station::Commands paceCommands();
