// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "station.h"

#include <memory>
#include <vector>

/// Many other processes, all on the second processor. Once started they stay, and sleep until they get a command.
class Crowd
{
public:
    /// The crowd that all benchmarks here share.
    static Crowd &instance();

    /// Has at least `count` of them. @returns false, after a message, when they do not start in time.
    bool grow(std::size_t count);
    Station &operator[](std::size_t index) { return *m_stations[index]; }

    /// Sends the command to the first `count` of them, at the same time. @returns whether all of them answered `done`.
    bool areDone(std::size_t count, const QByteArray &command);

private:
    std::vector<std::unique_ptr<Station>> m_stations;
};

/// What a station can do in a crowd.
Station::Commands crowdCommands();
