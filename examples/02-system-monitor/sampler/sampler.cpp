// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sampler.h"

#include <algorithm>
#include <chrono>

using namespace Qt::StringLiterals;

namespace {

// A tick of the kernel is usually 10 ms, so that shares over one twentieth of a second would change in steps of 20
// percent.
constexpr std::size_t ShareReadings = SamplesPerSecond / 2;
constexpr std::size_t RateReadings = SamplesPerSecond;

} // namespace

Sampler::Sampler(QObject *parent)
    : QObject(parent)
    , m_cpu(u"monitor/cpu"_s)
    , m_memory(u"monitor/memory"_s)
    , m_network(u"monitor/network"_s)
    , m_load(u"monitor/load"_s)
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(std::chrono::milliseconds(1000 / SamplesPerSecond));
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!publish()) {
            m_timer.stop();
            Q_EMIT failed();
        }
    });
}

bool Sampler::start()
{
    m_clock.start();
    std::optional<Reading> first = read();
    if (!first || !readMemory())
        return fail(u"/proc/stat, /proc/meminfo or /proc/net/dev cannot be read; this example needs Linux"_s);
    const QList<int> numbers = first->cpu.processors.keys();
    m_readings.push_back(std::move(*first));

    // In ms. Readers know from then on that what they show is not so any more.
    const QVariantMap metadata{{u"staleAfter"_s, 2000}};
    for (SharedSegment *segment : {m_cpu.segment(), m_memory.segment(), m_network.segment(), m_load.segment()})
        segment->setMetadata(metadata);
    if (!m_cpu.create(*std::max_element(numbers.begin(), numbers.end()) + 1))
        return fail(m_cpu.errorString());
    if (!m_memory.create())
        return fail(m_memory.errorString());
    if (!m_network.create())
        return fail(m_network.errorString());
    if (!m_load.create())
        return fail(m_load.errorString());
    m_timer.start();
    return true;
}

bool Sampler::fail(const QString &reason)
{
    m_errorString = reason;
    return false;
}

std::optional<Sampler::Reading> Sampler::read() const
{
    const std::optional<CpuTimes> cpu = readCpuTimes();
    const std::optional<NetworkBytes> network = readNetworkBytes();
    if (!cpu || !network)
        return std::nullopt;
    return Reading{*cpu, *network, m_clock.nsecsElapsed()};
}

bool Sampler::publish()
{
    std::optional<Reading> now = read();
    const std::optional<Memory> memory = readMemory();
    if (!now || !memory)
        return fail(u"the files in /proc can no longer be read"_s);
    const Reading &halfASecondAgo = m_readings[m_readings.size() - std::min(m_readings.size(), ShareReadings)];
    const bool ok = publishProcessors(halfASecondAgo, *now) && publishLoad(halfASecondAgo, *now)
                 && publishNetwork(m_readings.front(), *now) && (m_memory.set(*memory) || fail(m_memory.errorString()));
    m_readings.push_back(std::move(*now));
    if (m_readings.size() > RateReadings)
        m_readings.pop_front();
    return ok;
}

bool Sampler::publishProcessors(const Reading &before, const Reading &now)
{
    std::vector<Processor> processors(static_cast<std::size_t>(m_cpu.capacity()));
    for (std::size_t i = 0; i < processors.size(); ++i) {
        // A processor that goes offline or comes online has no ticks for a moment.
        const int number = static_cast<int>(i);
        const CpuTicks ticks = now.cpu.processors.value(number);
        processors[i] = share(before.cpu.processors.value(number, ticks), ticks);
    }
    return m_cpu.publish(processors) || fail(m_cpu.errorString());
}

bool Sampler::publishLoad(const Reading &before, const Reading &now)
{
    auto load = m_load.beginWrite(); // begins as a copy of the newest revision
    if (!load)
        return fail(m_load.errorString());
    std::shift_left(load.begin(), load.end(), 1);
    load[load.size() - 1] = share(before.cpu.all, now.cpu.all).busy;
    return true;
}

bool Sampler::publishNetwork(const Reading &before, const Reading &now)
{
    const double seconds = static_cast<double>(now.nanoseconds - before.nanoseconds) / 1e9;
    // The total decreases if an interface disappears.
    const auto rate = [seconds](quint64 then, quint64 bytes) {
        return bytes > then && seconds > 0 ? static_cast<double>(bytes - then) / seconds : 0;
    };
    return m_network.set({.received = rate(before.network.received, now.network.received),
                          .sent = rate(before.network.sent, now.network.sent),
                          .receivedTotal = now.network.received,
                          .sentTotal = now.network.sent})
        || fail(m_network.errorString());
}
