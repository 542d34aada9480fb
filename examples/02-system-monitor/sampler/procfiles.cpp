// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "procfiles.h"

#include <QtCore/QByteArrayList>
#include <QtCore/QFile>

#include <algorithm>

namespace {

QByteArrayList linesOf(const char *path)
{
    QFile file(QString::fromLatin1(path));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().split('\n');
}

/// Difference of two counters, at least 0, since some counters of the kernel sometimes decrease.
quint64 difference(quint64 before, quint64 now)
{
    return now > before ? now - before : 0;
}

} // namespace

std::optional<CpuTimes> readCpuTimes()
{
    CpuTimes times;
    bool hasAll = false;
    for (const QByteArray &line : linesOf("/proc/stat")) {
        if (!line.startsWith("cpu"))
            continue;
        const QByteArrayList words = line.simplified().split(' ');
        if (words.size() < 9)
            continue;
        // cpuN user nice system idle iowait irq softirq steal; guest time is part of user time (proc_stat(5))
        const auto ticks = [&words](qsizetype index) { return words.at(index).toULongLong(); };
        const CpuTicks cpu{.user = ticks(1) + ticks(2),
                           .system = ticks(3) + ticks(6) + ticks(7),
                           .waiting = ticks(5),
                           .stolen = ticks(8),
                           .idle = ticks(4)};
        const QByteArray number = words.first().mid(3);
        if (number.isEmpty()) {
            times.all = cpu;
            hasAll = true;
        } else {
            times.processors.insert(number.toInt(), cpu);
        }
    }
    return hasAll && !times.processors.isEmpty() ? std::optional(times) : std::nullopt;
}

std::optional<Memory> readMemory()
{
    QHash<QByteArray, quint64> bytes;
    for (const QByteArray &line : linesOf("/proc/meminfo")) {
        const QByteArrayList words = line.simplified().split(' ');
        if (words.size() >= 2)
            bytes.insert(words.at(0), words.at(1).toULongLong() * 1024);
    }
    const quint64 total = bytes.value("MemTotal:");
    if (total == 0)
        return std::nullopt;
    return Memory{.total = total,
                  .used = difference(bytes.value("MemAvailable:"), total),
                  .cached = bytes.value("Buffers:") + bytes.value("Cached:") + bytes.value("SReclaimable:"),
                  .swapTotal = bytes.value("SwapTotal:"),
                  .swapUsed = difference(bytes.value("SwapFree:"), bytes.value("SwapTotal:"))};
}

std::optional<NetworkBytes> readNetworkBytes()
{
    NetworkBytes bytes;
    const QByteArrayList lines = linesOf("/proc/net/dev");
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon < 0 || line.first(colon).trimmed() == "lo")
            continue;
        const QByteArrayList words = line.mid(colon + 1).simplified().split(' ');
        if (words.size() < 9)
            continue;
        bytes.received += words.at(0).toULongLong();
        bytes.sent += words.at(8).toULongLong();
    }
    return lines.isEmpty() ? std::nullopt : std::optional(bytes);
}

Processor share(const CpuTicks &before, const CpuTicks &now)
{
    const CpuTicks spent{.user = difference(before.user, now.user),
                         .system = difference(before.system, now.system),
                         .waiting = difference(before.waiting, now.waiting),
                         .stolen = difference(before.stolen, now.stolen),
                         .idle = difference(before.idle, now.idle)};
    const float total = static_cast<float>(std::max<quint64>(spent.total(), 1));
    Processor result{.user = static_cast<float>(spent.user) / total,
                     .system = static_cast<float>(spent.system) / total,
                     .waiting = static_cast<float>(spent.waiting) / total,
                     .stolen = static_cast<float>(spent.stolen) / total,
                     .idle = static_cast<float>(spent.idle) / total,
                     .busy = 0};
    result.busy = result.user + result.system + result.stolen;
    return result;
}
