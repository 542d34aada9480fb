// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// A station that holds what others open: many segments, or long ones.
Station::Commands holderCommands();
