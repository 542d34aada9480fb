// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "table.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QStorageInfo>

#include <algorithm>
#include <cstdio>
#include <random>

using namespace Qt::StringLiterals;

namespace {

struct Row
{
    const char *what;
    const char *ours;
    const char *peer; ///< null: the goal is in nanoseconds
    double goal;      ///< 0: for information
};

constexpr Row Rows[] = {
    {"create, 4 KiB", "create/SharedSegment/4096", "create/QSharedMemory/4096", 0.5},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/QSharedMemory/4096", 0.7},
    {"read 1 MiB into a buffer", "read/SharedSegment/1048576", "read/memcpy/1048576", 1.5},
    {"snapshot of 1 MiB, QByteArray", "snapshot/QByteArray/1048576", "snapshot/memcpy/1048576", 1.5},
    {"snapshot of 1 MiB, QList", "snapshot/QList/1048576", "snapshot/memcpy/1048576", 1.5},
    {"publish 64 B, nobody listens", "publish/SharedSegment/64", nullptr, 100},
    {},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/QSharedMemory-tmpfs/4096", 0},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/shm_open/4096", 2.2},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/memfd/4096", 0},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/Boost.Interprocess/4096", 0},
    {"create, 4 KiB, posix", "create/SharedSegment-posix/4096", "create/QSharedMemory/4096", 0},
    {"create and close, 4 KiB", "create and close/SharedSegment/4096", "create and close/QSharedMemory/4096", 0},
    {"create, 64 MiB", "create/SharedSegment/67108864", "create/QSharedMemory/67108864", 0.5},
    {"create, 64 MiB", "create/SharedSegment/67108864", "create/shm_open/67108864", 2.2},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/shm_open/4096", 1.8},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/memfd/4096", 1.8},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/Boost.Interprocess/4096", 0},
    {"open, 4 KiB, posix", "open/SharedSegment-posix/4096", "open/QSharedMemory/4096", 0},
    {"open, 64 MiB", "open/SharedSegment/67108864", "open/QSharedMemory/67108864", 0.7},
    {"open, 64 MiB", "open/SharedSegment/67108864", "open/memfd/67108864", 1.8},
    {"read 8 B", "read/SharedSegment/8", "read/memcpy/8", 3},
    {"read 8 B", "read/SharedSegment/8", "read/QSharedMemory/8", 0},
    {"read 4 KiB", "read/SharedSegment/4096", "read/memcpy/4096", 1.5},
    {"read 64 MiB", "read/SharedSegment/67108864", "read/memcpy/67108864", 1},
    {"publish 8 B, nobody listens", "publish/SharedSegment/8", nullptr, 50},
    {"publish 64 B, nobody listens", "publish/SharedSegment/64", nullptr, 50},
    {"  of it, one look at the clock", "clock/", nullptr, 0},
    {"publish 64 B, nobody listens", "publish/SharedSegment/64", "publish/QSharedMemory/64", 0},
    {"publish 1 MiB, nobody listens", "publish/SharedSegment/1048576", "publish/memcpy/1048576", 0},
    {"change one of 64 B and publish", "write/SharedSegment/64", nullptr, 0},
};

double quantile(std::vector<double> values, double at)
{
    std::sort(values.begin(), values.end());
    const double place = at * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

double median(const std::vector<double> &values)
{
    return quantile(values, 0.5);
}

/// What the median would be over repetitions that had come differently.
double resampled(const std::vector<double> &values, std::mt19937 &random)
{
    std::vector<double> drawn(values.size());
    std::uniform_int_distribution<std::size_t> any(0, values.size() - 1);
    for (double &value : drawn)
        value = values[any(random)];
    return median(drawn);
}

std::string duration(double nanoseconds)
{
    char text[32];
    if (nanoseconds < 1000)
        std::snprintf(text, sizeof text, "%.1f ns", nanoseconds);
    else if (nanoseconds < 1e6)
        std::snprintf(text, sizeof text, "%.1f us", nanoseconds / 1e3);
    else
        std::snprintf(text, sizeof text, "%.2f ms", nanoseconds / 1e6);
    return text;
}

std::string peerName(const char *benchmark)
{
    const std::string text = benchmark;
    const auto first = text.find('/') + 1;
    return text.substr(first, text.rfind('/') - first);
}

} // namespace

struct Table::Line
{
    const Row *row;
    double ours = 0;
    double peer = 0;
    double measured = 0;
    double low = 0;
    double high = 0;

    bool isMet() const { return measured <= row->goal; }
};

bool Table::ReportContext(const Context &)
{
    return true;
}

void Table::ReportRuns(const std::vector<Run> &runs)
{
    for (const Run &run : runs) {
        if (run.error_occurred) {
            m_hasFailures = true;
            std::fprintf(stderr, "%s: %s\n", run.benchmark_name().c_str(), run.error_message.c_str());
        } else if (run.run_type == Run::RT_Iteration) {
            // Those that measure by themselves count processor time as well.
            const bool isManual = run.run_name.time_type == "manual_time";
            m_nanoseconds[run.run_name.function_name + '/' + run.run_name.args].push_back(
                isManual ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime());
        }
    }
    std::fputc('.', stderr);
}

std::vector<Table::Line> Table::lines() const
{
    constexpr int Draws = 2000;
    std::mt19937 random(1); // The same table for the same measurements.
    std::vector<Line> lines;
    for (const Row &row : Rows) {
        Line line{&row};
        if (row.what) {
            const auto ours = m_nanoseconds.find(row.ours);
            const auto peer = row.peer ? m_nanoseconds.find(row.peer) : m_nanoseconds.end();
            if (ours == m_nanoseconds.end() || (row.peer && peer == m_nanoseconds.end()))
                continue; // Filtered out.
            line.ours = median(ours->second);
            line.peer = row.peer ? median(peer->second) : 0;
            line.measured = row.peer ? line.ours / line.peer : line.ours;
            std::vector<double> drawn;
            for (int i = 0; i < Draws; ++i)
                drawn.push_back(resampled(ours->second, random) / (row.peer ? resampled(peer->second, random) : 1.0));
            line.low = quantile(drawn, 0.05);
            line.high = quantile(drawn, 0.95);
        }
        lines.push_back(line);
    }
    return lines;
}

void Table::print() const
{
    constexpr const char *Layout = "%-32s %-20s %10s %10s %10s %10s  %-19s %s\n";
    std::size_t repetitions = 0;
    for (const auto &[name, values] : m_nanoseconds)
        repetitions = std::max(repetitions, values.size());
    std::printf(
        "\nProcessor time, medians of %zu repetitions, those of all benchmarks in random order. A ratio is ours by the "
        "peer's.\nSpread: where 90 %% of the results lie when the repetitions are drawn again (bootstrap).\n"
        "QSharedMemory makes two files for each segment in %s, here on %s.\n\n",
        repetitions, qPrintable(QDir::tempPath()), QStorageInfo(QDir::tempPath()).fileSystemType().constData());
    std::printf(Layout, "what", "peer", "ours", "peer's", "measured", "goal", "spread", "");
    for (const Line &line : lines()) {
        const Row &row = *line.row;
        if (!row.what) {
            std::printf("\n");
            continue;
        }
        auto figure = [&row](double value) {
            char text[32];
            std::snprintf(text, sizeof text, "%.2f", value);
            return row.peer ? std::string(text) : duration(value);
        };
        std::printf(Layout, row.what, row.peer ? peerName(row.peer).c_str() : "-", duration(line.ours).c_str(),
                    row.peer ? duration(line.peer).c_str() : "-", figure(line.measured).c_str(),
                    row.goal > 0 ? ("<= " + (row.peer ? figure(row.goal) : duration(row.goal))).c_str() : "-",
                    (figure(line.low) + " .. " + figure(line.high)).c_str(),
                    row.goal <= 0  ? ""
                    : line.isMet() ? "met"
                                   : "NOT MET");
    }
}

bool Table::save(const QString &path) const
{
    QJsonArray rows;
    for (const Line &line : lines()) {
        const Row &row = *line.row;
        if (!row.what)
            continue;
        QJsonObject object{{u"what"_s, QLatin1StringView(row.what)},
                           {u"benchmark"_s, QLatin1StringView(row.ours)},
                           {u"nanoseconds"_s, line.ours},
                           {u"measured"_s, line.measured},
                           {u"low"_s, line.low},
                           {u"high"_s, line.high}};
        if (row.peer) {
            object[u"peer"_s] = QLatin1StringView(row.peer);
            object[u"peerNanoseconds"_s] = line.peer;
        }
        if (row.goal > 0) {
            object[u"goal"_s] = row.goal;
            object[u"met"_s] = line.isMet();
        }
        rows.append(object);
    }
    QFile file(path);
    const QByteArray text = QJsonDocument(rows).toJson();
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}
