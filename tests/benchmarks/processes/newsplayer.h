// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// What a station does as one end of two that send each other news.
Station::Commands newsCommands();
