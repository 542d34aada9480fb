// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

/// A station that is one of many readers of a large segment.
Station::Commands readerCommands();

/// This process's proportional share of the memory that it has, in bytes; 0 if the system does not say.
qint64 proportionalSetSize();
