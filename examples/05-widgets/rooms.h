// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedArray>

/// Types of the published segment. The window does not include this file: the segment contains its fields' names and
/// types.

/// `building/rooms`, an array of variable count. Other processes may write `target`.
struct Room
{
    char name[16];     ///< its key: rooms come and go
    float temperature; ///< °C
    float target;      ///< °C, set at the thermostat
    float power;       ///< W, of the radiator
};
SHARED_STRUCT(Room, name, temperature, target, power)

inline constexpr std::size_t RoomsPerFloor = 24;
inline constexpr std::size_t RoomCount = 10 * RoomsPerFloor;
inline constexpr std::size_t MostClosedRooms = 3;

using SharedRooms = SharedArray<Room>;
