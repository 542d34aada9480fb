// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sensors.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace {

std::vector<Sensors::Rows> joined(const std::vector<std::size_t> &rows)
{
    std::vector<Sensors::Rows> joined;
    for (const std::size_t row : rows) {
        const auto at = static_cast<int>(row);
        if (!joined.empty() && joined.back().first + joined.back().count == at)
            ++joined.back().count;
        else
            joined.push_back({at, 1});
    }
    return joined;
}

} // namespace

Sensors::Sensors()
{
    m_sensors.reserve(Count);
    while (m_sensors.size() < Count)
        m_sensors.push_back(sensor(++m_lastNumber));
}

Sensor Sensors::sensor(std::uint32_t number)
{
    Sensor sensor;
    sensor.number = number;
    sensor.value = number;
    sensor.greatest = 2.0 * number;
    std::snprintf(sensor.label, sizeof sensor.label, "sensor %u", number);
    return sensor;
}

std::vector<std::size_t> Sensors::someRows()
{
    std::uniform_int_distribution<std::size_t> any(0, Count - 1);
    std::set<std::size_t> rows;
    while (rows.size() < ChangedCount)
        rows.insert(any(m_random));
    return {rows.begin(), rows.end()};
}

void Sensors::step(SensorChange change)
{
    m_changed.clear();
    m_gone.clear();
    m_fresh.clear();
    const std::vector<std::size_t> rows = someRows();
    if (change == SensorChange::Values) {
        for (const std::size_t row : rows)
            m_sensors[row].value += 1;
        m_changed = joined(rows);
        return;
    }
    m_gone = joined(rows);
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        m_sensors.erase(m_sensors.begin() + static_cast<std::ptrdiff_t>(*row));
    const std::vector<std::size_t> places = someRows();
    for (const std::size_t row : places)
        m_sensors.insert(m_sensors.begin() + static_cast<std::ptrdiff_t>(row), sensor(++m_lastNumber));
    m_fresh = joined(places);
}
