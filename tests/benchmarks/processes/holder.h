// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

#include <QtCore/QString>

/// A station that holds what others open: many segments, or long ones.
Station::Commands holderCommands();

/// Starts the stations of the crowd that hold segments. @returns false, after a message, when they do not start in time.
bool growHolders();
/// Has them own this many segments together, neither more nor less. @returns whether they do.
bool holdSegments(int count);
/// The name of the first one.
QString heldName();
