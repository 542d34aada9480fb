// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// What a station does that holds what others open: many segments, or long ones.
Station::Commands holderCommands();
