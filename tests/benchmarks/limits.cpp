// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What it takes to judge a million values by their limits, from the update to the level, beside a loop that compares.

#include "samples.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedLimits>

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t ValueCount = 1'000'000;
constexpr double Low = -1;
constexpr double High = 1;
constexpr std::size_t AlarmDistance = 100; // one value of 100, where there are alarms

/// Values that are normal, or of which some are not; other ones in each round.
class JudgedValues
{
public:
    explicit JudgedValues(bool hasAlarms)
        : m_hasAlarms(hasAlarms)
    {
    }

    const std::vector<double> &all() const { return m_values; }
    /// How many are not normal.
    int alarmCount() const { return m_alarmCount; }

    /// The last one is always an alarm: SharedLimits then tells of each revision that it has judged.
    void step()
    {
        m_normal = -m_normal;
        m_alarmCount = 1;
        for (std::size_t i = 0; i + 1 < ValueCount; ++i) {
            const bool isAlarm = m_hasAlarms && i % AlarmDistance == 0;
            m_values[i] = isAlarm ? 2 * High : m_normal;
            m_alarmCount += isAlarm;
        }
        m_values.back() = 2 * High;
    }

private:
    bool m_hasAlarms;
    double m_normal = High / 2;
    int m_alarmCount = 0;
    std::vector<double> m_values = std::vector<double>(ValueCount);
};

void judge(benchmark::State &state, bool hasAlarms)
{
    constexpr double MostRate = 1000;
    SharedArray<double> array(u"benchmark.%1.limits"_s.arg(QCoreApplication::applicationPid()));
    SharedLimits limits;
    limits.setMaximumRate(MostRate);
    limits.setLow(Low);
    limits.setHigh(High);
    limits.setSegment(array.segment());
    JudgedValues values(hasAlarms);
    if (!array.create(ValueCount)) {
        state.SkipWithError("cannot create");
        return;
    }
    bool isJudged = false;
    QObject::connect(&limits, &SharedLimits::judged, &limits, [&isJudged] { isJudged = true; });
    for (auto iteration : state) {
        values.step();
        isJudged = false;
        array.publish(values.all());
        const std::int64_t begin = threadTime();
        while (!isJudged)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        state.SetIterationTime(static_cast<double>(threadTime() - begin) / 1e9);
        if (limits.count() != values.alarmCount())
            state.SkipWithError("the alarms are wrong");
    }
}

/// What one would write at least. With `isCopied`, over a copy, as of memory that another process writes.
void compare(benchmark::State &state, bool hasAlarms, bool isCopied)
{
    JudgedValues values(hasAlarms);
    std::vector<double> copy(ValueCount);
    for (auto iteration : state) {
        values.step();
        const std::int64_t begin = threadTime();
        const std::vector<double> &judged = isCopied ? copy : values.all();
        if (isCopied)
            std::memcpy(copy.data(), values.all().data(), ValueCount * sizeof(double));
        int count = 0;
        for (const double value : judged)
            count += !(value >= Low && value <= High);
        benchmark::DoNotOptimize(count);
        state.SetIterationTime(static_cast<double>(threadTime() - begin) / 1e9);
        if (count != values.alarmCount())
            state.SkipWithError("the loop is wrong");
    }
}

} // namespace

void addLimitBenchmarks()
{
    for (const bool hasAlarms : {false, true}) {
        const std::string group = hasAlarms ? "alarms/" : "limits/";
        benchmark::RegisterBenchmark((group + "SharedLimits").c_str(), judge, hasAlarms)->UseManualTime();
        benchmark::RegisterBenchmark((group + "loop").c_str(), compare, hasAlarms, false)->UseManualTime();
        benchmark::RegisterBenchmark((group + "copy and loop").c_str(), compare, hasAlarms, true)->UseManualTime();
    }
}
