// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// A station that is one of two ends that send each other updates.
Station::Commands notificationCommands();
