// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedArray>

/// What the building publishes. The window needs none of this: the fields' names and types travel with the segment.

/// `building/rooms`. Others may write `target`.
struct Room
{
    char name[16];
    float temperature; ///< °C
    float target;      ///< °C, what the thermostat is set to
    float power;       ///< W, of the radiator
};
SHARED_STRUCT(Room, name, temperature, target, power)

inline constexpr std::size_t RoomCount = 240;

using SharedRooms = SharedArray<Room, RoomCount>;
