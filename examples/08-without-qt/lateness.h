// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/Producer>

#include <chrono>
#include <cstdint>

constexpr std::chrono::milliseconds Interval{2};
constexpr int WakeUpsPerRevision = 25;
constexpr int HistoryLength = 3000; // six seconds

/// Lateness in microseconds.
struct Summary
{
    std::uint64_t wakeUps;
    float median; ///< of the last 25 wake-ups
    float worst;  ///< since the start
};
SHARED_STRUCT(Summary, wakeUps, median, worst)
