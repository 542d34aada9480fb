// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "figures.h"

#include <QtCore/QHash>
#include <QtCore/QList>

#include <optional>

/// Readers of files in /proc. Each function returns nothing if its file cannot be read or parsed.

/// Ticks of one processor or of all processors since the system started.
struct CpuTicks
{
    quint64 user = 0;
    quint64 system = 0;
    quint64 waiting = 0;
    quint64 stolen = 0;
    quint64 idle = 0;

    quint64 total() const { return user + system + waiting + stolen + idle; }
};

struct CpuTimes
{
    CpuTicks all;
    QHash<int, CpuTicks> processors; ///< by number, without offline processors
};

struct NetworkBytes
{
    quint64 received = 0;
    quint64 sent = 0;
};

std::optional<CpuTimes> readCpuTimes();         // /proc/stat
std::optional<Memory> readMemory();             // /proc/meminfo
std::optional<NetworkBytes> readNetworkBytes(); // /proc/net/dev

/// Returns the shares of time between two readings.
Processor share(const CpuTicks &before, const CpuTicks &now);
