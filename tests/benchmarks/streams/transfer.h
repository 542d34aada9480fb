// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../processes/station.h"

/// A station that is one end of a stream's peer.
Station::Commands transferCommands();
