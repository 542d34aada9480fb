// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedLayout>

struct Reading
{
    double temperature;
    double humidity;
    char station[16];
};
SHARED_STRUCT(Reading, temperature, humidity, station)
