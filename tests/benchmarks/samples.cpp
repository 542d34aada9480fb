// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "samples.h"

#include <QtCore/QList>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

namespace {

std::int64_t timeOf(clockid_t clock)
{
    timespec now;
    ::clock_gettime(clock, &now);
    return std::int64_t(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

} // namespace

std::int64_t monotonicTime()
{
    return timeOf(CLOCK_MONOTONIC);
}

std::int64_t threadTime()
{
    return timeOf(CLOCK_THREAD_CPUTIME_ID);
}

QByteArray Samples::toLine()
{
    if (m_values.empty())
        return {};
    std::sort(m_values.begin(), m_values.end());
    QByteArray line;
    for (const double at : {0.5, 0.99, 0.999}) {
        const auto place = static_cast<std::size_t>(std::lround(at * static_cast<double>(m_values.size() - 1)));
        line += QByteArray::number(qint64(m_values[place])) + ' ';
    }
    return line.trimmed();
}

bool reportSamples(benchmark::State &state, const QByteArray &line, double parts)
{
    const QList<QByteArray> words = line.split(' ');
    std::array<double, 3> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        bool isNumber = words.size() == static_cast<qsizetype>(values.size());
        if (isNumber)
            values[i] = words.at(static_cast<qsizetype>(i)).toDouble(&isNumber) / parts;
        if (!isNumber) {
            state.SkipWithError("no times came back");
            return false;
        }
    }
    state.SetIterationTime(values[0] / 1e9);
    state.counters["p99"] = values[1];
    state.counters["p99.9"] = values[2];
    return true;
}
