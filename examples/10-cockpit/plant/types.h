// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedLayout>

#include <QtCore/QtGlobal>

// What is published. metadata.h says what the fields mean; the cockpit includes neither file.

struct Station ///< `plant/station`, a value
{
    float supply;
    float returned;
    float target;
    float outside;
    float flow;
    float pressure;
    float output;
    float valve;
    float vibration;
    quint8 pump; ///< 0 off, 1 runs, 2 tripped
};
SHARED_STRUCT(Station, supply, returned, target, outside, flow, pressure, output, valve, vibration, pump)

struct Point ///< `plant/history`, an array of variable count, the newest last
{
    qint64 timestamp; ///< ns since 1970-01-01 UTC, as in Line
    float supply;
    float returned;
    float target;
};
SHARED_STRUCT(Point, timestamp, supply, returned, target)

struct Sensor ///< `plant/sensors`, an array of variable count
{
    quint16 id; ///< its key
    char place[18];
    float temperature;
    float battery;
};
SHARED_STRUCT(Sensor, id, place, temperature, battery)

struct Line ///< `plant/log`, a stream
{
    qint64 timestamp;
    quint8 level; ///< as syslog counts
    char text[119];
};
SHARED_STRUCT(Line, timestamp, level, text)
