// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "types.h"

#include <QtCore/QString>

#include <functional>
#include <random>
#include <vector>

/// A station of a district heating: a heat exchanger with a controlled valve, a pump whose bearing fails now and then, and
/// substations with radio sensors, one of which comes and goes. One second is about one minute of a real station.
class Plant
{
public:
    using Log = std::function<void(int level, const QString &text)>;

    explicit Plant(Log log);

    /// One step of 0.1 s.
    void advance();
    /// The velocity of the bearing after another millisecond, in mm/s.
    float vibrate();

    Station measure();
    /// Those that are within reach.
    std::vector<Sensor> sensors();

private:
    void control();
    void runPump();
    float noise(float deviation) { return std::normal_distribution<float>(0, deviation)(m_random); }

    Log m_log;
    std::minstd_rand m_random{7};
    Station m_now{77, 43, 77, -3, 340, 6.4F, 13, 56, 1.4F, 1};
    std::vector<Sensor> m_sensors;
    int m_step = 0;
    int m_milliseconds = 0;
    float m_speed = 1;     // of the pump, 0 to 1
    float m_roughness = 1; // of the bearing; 1 is healthy
    float m_integral = 56; // of the controller, %
    bool m_isReachable = true;
};
