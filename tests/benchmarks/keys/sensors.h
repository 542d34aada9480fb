// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <SharedSegment/SharedLayout>

#include <QtCore/QtGlobal>

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

/// An element with a key, 64 bytes.
struct Sensor
{
    std::uint32_t number = 0; ///< the key
    std::uint32_t state = 0;
    double value = 0;
    double least = 0;
    double greatest = 0;
    char label[32] = {};

    bool operator==(const Sensor &other) const { return std::memcmp(this, &other, sizeof other) == 0; }
};
static_assert(sizeof(Sensor) == 64);
SHARED_STRUCT(Sensor, number, state, value, least, greatest, label)

/// What goes on among the sensors from one revision to the next.
enum class SensorChange {
    Values, ///< one sensor of 100 has another value
    Coming, ///< one of 100 vanishes, and as many others appear, anywhere
};

/// Sensors that change: the same ones in each process.
class Sensors
{
public:
    static constexpr std::size_t Count = 10'000;
    static constexpr std::size_t ChangedCount = Count / 100;

    /// Rows `first` to `first + count`, excluded.
    struct Rows
    {
        int first = 0;
        int count = 0;
    };

    Sensors();

    const std::vector<Sensor> &all() const { return m_sensors; }
    /// Makes the next revision.
    void step(SensorChange change);

    /// @{
    /// What the last step did: rows with other values; rows that are gone, as they were before; new rows, as they are now.
    /// In ascending order.
    const std::vector<Rows> &changed() const { return m_changed; }
    const std::vector<Rows> &gone() const { return m_gone; }
    const std::vector<Rows> &fresh() const { return m_fresh; }
    /// @}

private:
    static Sensor sensor(std::uint32_t number);
    /// Different rows in ascending order.
    std::vector<std::size_t> someRows();

    std::mt19937 m_random{1};
    std::uint32_t m_lastNumber = 0;
    std::vector<Sensor> m_sensors;
    std::vector<Rows> m_changed;
    std::vector<Rows> m_gone;
    std::vector<Rows> m_fresh;
};
