// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plant.h"

#include <SharedSegment/SharedText>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr float Step = 0.1F;           // s
constexpr float MostOutput = 24;       // MW
constexpr float HeatCapacity = 2;      // MW s/K, of the water in the exchanger
constexpr float WaterHeat = 0.001163F; // MW/(m³/h K)
constexpr quint16 Lighthouse = 104;    // its radio link is weak
constexpr int FaultPeriod = 900;       // steps between two failures of the bearing

/// What `value` becomes within a step if it goes to `target` with that time constant in s.
float approach(float value, float target, float seconds)
{
    return value + (target - value) * Step / seconds;
}

float wave(int step, float seconds)
{
    return std::sin(2 * std::numbers::pi_v<float> * static_cast<float>(step) * Step / seconds);
}

} // namespace

Plant::Plant(Log log)
    : m_log(std::move(log))
{
    quint16 id = 101;
    for (const QString &place : {u"Old Town"_s, u"University"_s, u"Hospital"_s, u"Lighthouse"_s, u"Market Hall"_s,
                                 u"Shipyard"_s, u"Swimming Pool"_s}) {
        Sensor sensor{id, {}, m_now.supply - 3, 0};
        sharedsegment::setText(sensor.place, place);
        sensor.battery = static_cast<float>((id * 37) % 83 + 15);
        m_sensors.push_back(sensor);
        ++id;
    }
}

void Plant::advance()
{
    ++m_step;
    m_now.outside = -3 + 4 * wave(m_step, 300);
    m_now.target = 74 - 1.2F * m_now.outside; // colder outside, hotter water
    runPump();
    control();
    const float demand = 0.75F - 0.02F * m_now.outside + 0.06F * wave(m_step, 23) + 0.03F * wave(m_step, 7);
    m_now.flow = approach(m_now.flow, 420 * m_speed * demand, 0.8F);
    m_now.pressure = 3 + 3.4F * m_speed * m_speed;
    m_now.output = m_now.flow * WaterHeat * (m_now.supply - m_now.returned);
    m_now.supply += (MostOutput * m_now.valve / 100 - m_now.output) * Step / HeatCapacity;
    m_now.returned = approach(m_now.returned, m_now.supply - 34 * demand / 0.8F, 6);

    for (Sensor &sensor : m_sensors) { // the farther away, the colder and the later
        const auto distance = static_cast<float>(sensor.id - 100);
        sensor.temperature = approach(sensor.temperature, m_now.supply - 0.9F * distance, 1 + distance);
    }
    if (std::exchange(m_isReachable, m_step % 160 < 110) != m_isReachable)
        m_log(m_isReachable ? 6 : 4, m_isReachable ? u"Lighthouse is back"_s : u"Lighthouse is out of reach"_s);
}

/// A bearing gets rough, the pump trips, is greased, and starts again.
void Plant::runPump()
{
    const int step = m_step % FaultPeriod;
    if (step == 600)
        m_log(4, u"Bearing of the pump is getting rough"_s);
    if (step == 700 || step == 790) {
        m_now.pump = step == 700 ? 2 : 1;
        m_log(step == 700 ? 3 : 6, step == 700 ? u"Pump tripped by vibration"_s : u"Bearing greased, pump started"_s);
    }
    if (m_step % 300 == 0)
        m_log(6, u"Set point is now %1 °C"_s.arg(double(m_now.target), 0, 'f', 1));
    m_roughness = approach(m_roughness, step >= 600 && step < 700 ? 7 : 1, step < 700 ? 6 : 1);
    m_speed = approach(m_speed, m_now.pump == 1 ? 1 : 0, 1.2F);
    m_now.vibration = 1.4F * m_speed * m_roughness;
}

/// A PI controller, and a valve that needs eight seconds from shut to open.
void Plant::control()
{
    const float error = m_now.target - m_now.supply;
    m_integral = std::clamp(m_integral + 0.4F * error * Step, 0.0F, 100.0F);
    const float wanted = std::clamp(m_integral + 2.5F * error, 0.0F, 100.0F);
    m_now.valve += std::clamp(wanted - m_now.valve, -12 * Step, 12 * Step);
}

float Plant::vibrate()
{
    // The shaft turns at 25 Hz and has five blades; a rough bearing knocks.
    const float turn = 2 * std::numbers::pi_v<float> * static_cast<float>(++m_milliseconds % 1000) * 0.025F;
    const float knock = m_milliseconds % 97 < 6 ? noise(1.6F) * (m_roughness - 1) : 0;
    return m_speed * (1.7F * std::sin(turn) + 0.8F * std::sin(5 * turn) + noise(0.3F) * m_roughness + knock)
         + noise(0.05F);
}

Station Plant::measure()
{
    Station measured = m_now;
    for (float *value : {&measured.supply, &measured.returned, &measured.outside})
        *value += noise(0.04F);
    measured.flow = std::max(0.0F, measured.flow + noise(2));
    measured.pressure += noise(0.02F);
    measured.vibration = std::max(0.0F, measured.vibration * (1 + noise(0.03F)));
    return measured;
}

std::vector<Sensor> Plant::sensors()
{
    std::vector<Sensor> reached;
    for (Sensor sensor : m_sensors) {
        sensor.temperature += noise(0.1F);
        if (sensor.id != Lighthouse || m_isReachable)
            reached.push_back(sensor);
    }
    return reached;
}
