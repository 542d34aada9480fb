// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "figures.h"

#include <QtCore/QHash>
#include <QtCore/QList>

#include <optional>

/// What the kernel says in /proc. Each function gives nothing where its file cannot be read or understood.

/// Ticks since the system started, of one processor or of all.
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
    QHash<int, CpuTicks> processors; ///< by number; those that are offline are missing
};

struct NetworkBytes
{
    quint64 received = 0;
    quint64 sent = 0;
};

std::optional<CpuTimes> readCpuTimes();         // /proc/stat
std::optional<Memory> readMemory();             // /proc/meminfo
std::optional<NetworkBytes> readNetworkBytes(); // /proc/net/dev

/// What happened between two readings.
Processor share(const CpuTicks &before, const CpuTicks &now);
