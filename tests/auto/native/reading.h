// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/Producer>

#include <cstdint>

struct Reading
{
    std::int32_t id;
    double value;
    char station[12];
};
SHARED_STRUCT(Reading, id, value, station)
