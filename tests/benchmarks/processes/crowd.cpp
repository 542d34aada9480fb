// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "crowd.h"

namespace {

/// PROCESSOR
QByteArray stay(const QList<QByteArray> &arguments)
{
    return runOn({arguments.at(0).toInt()}) ? "done" : "failed";
}

} // namespace

Crowd &Crowd::instance()
{
    static Crowd crowd;
    return crowd;
}

bool Crowd::grow(std::size_t count)
{
    while (m_stations.size() < count) {
        auto station = std::make_unique<Station>();
        if (!station->start() || station->ask("stay 1") != "done")
            return false;
        m_stations.push_back(std::move(station));
    }
    return true;
}

bool Crowd::areDone(std::size_t count, const QByteArray &command)
{
    for (std::size_t i = 0; i < count; ++i)
        m_stations[i]->tell(command);
    bool areAllDone = true;
    for (std::size_t i = 0; i < count; ++i)
        areAllDone = m_stations[i]->answer() == "done" && areAllDone;
    return areAllDone;
}

Station::Commands crowdCommands()
{
    return {{"stay", stay}};
}
