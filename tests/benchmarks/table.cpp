// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "table.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <random>
#include <string>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

/// The entry of a run that failed. From version 1.8 on, Google Benchmark names it otherwise.
template<typename AnyRun>
std::optional<std::string> failure(const AnyRun &run)
{
    if constexpr (requires { run.skip_message; })
        return run.skipped ? std::optional(run.skip_message) : std::nullopt;
    else
        return run.error_occurred ? std::optional(run.error_message) : std::nullopt;
}

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

/// What the median would be over other repetitions.
double resampled(const std::vector<double> &values, std::mt19937 &random)
{
    std::vector<double> drawn(values.size());
    std::uniform_int_distribution<std::size_t> any(0, values.size() - 1);
    for (double &value : drawn)
        value = values[any(random)];
    return median(drawn);
}

std::string withUnit(double value, Unit unit)
{
    struct Step
    {
        double from;
        const char *format;
        double by;
    };
    static constexpr Step Times[] = {{1e6, "%.2f ms", 1e6}, {1e3, "%.1f us", 1e3}, {0, "%.1f ns", 1}};
    static constexpr Step Bytes[] = {{1 << 20, "%.2f MiB", 1 << 20}, {0, "%.1f KiB", 1 << 10}};
    static constexpr Step Counts[] = {{0, "%.0f", 1}};
    static constexpr Step Ratios[] = {{0, "%.3f", 1}};
    static constexpr const Step *Steps[] = {Times, Bytes, Counts, Ratios};
    const Step *step = Steps[static_cast<int>(unit)];
    while (std::abs(value) < step->from)
        ++step;
    char text[32];
    std::snprintf(text, sizeof text, step->format, value / step->by);
    return text;
}

const char *nameOf(Unit unit)
{
    static constexpr const char *Names[] = {"ns", "bytes", "times", "ratio"};
    return Names[static_cast<int>(unit)];
}

std::string peerName(const char *benchmark)
{
    const std::string text = benchmark;
    const auto first = text.find('/') + 1;
    const auto last = text.rfind('/') + 1;
    // A benchmark without peers in its name has them among its counters.
    return first == last ? text.substr(text.find(':') + 1) : text.substr(first, last - 1 - first);
}

} // namespace

struct Table::Line
{
    const TableRow *row;
    double ours = 0;
    double peer = 0;
    double measured = 0;
    double low = 0;
    double high = 0;

    bool isRatio() const { return row->peer && !row->isDifference; }
    bool hasGoal() const { return row->goal >= 0; }
    bool isMet() const { return measured <= row->goal; }
};

Table::Table(std::vector<TableRow> rows, QString note)
    : m_rows(std::move(rows))
    , m_note(std::move(note))
{
}

bool Table::ReportContext(const Context &)
{
    return true;
}

void Table::ReportRuns(const std::vector<Run> &runs)
{
    for (const Run &run : runs) {
        if (const std::optional<std::string> why = failure(run)) {
            m_hasFailures = true;
            std::fprintf(stderr, "%s: %s\n", run.benchmark_name().c_str(), why->c_str());
        } else if (run.run_type == Run::RT_Iteration) {
            // Benchmarks that measure by themselves count processor time as well.
            const bool isManual = run.run_name.time_type == "manual_time";
            const std::string name = run.run_name.function_name + '/' + run.run_name.args;
            m_values[name].push_back(isManual ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime());
            for (const auto &[counter, value] : run.counters) {
                std::string key = name;
                key.append(1, ':').append(counter);
                m_values[key].push_back(value);
            }
        }
    }
    std::fputc('.', stderr);
}

std::vector<Table::Line> Table::lines() const
{
    constexpr int Draws = 2000;
    std::mt19937 random(1); // the same table for the same measurements
    std::vector<Line> lines;
    for (const TableRow &row : m_rows) {
        Line line{&row};
        if (row.what) {
            const auto ours = m_values.find(row.ours);
            const auto peer = row.peer ? m_values.find(row.peer) : m_values.end();
            if (ours == m_values.end() || (row.peer && peer == m_values.end()))
                continue; // Filtered out.
            line.ours = median(ours->second);
            line.peer = row.peer ? median(peer->second) : 0;
            auto compared = [&line](double oursNow, double peersNow) {
                if (!line.row->peer)
                    return oursNow;
                return line.row->isDifference ? oursNow - peersNow : oursNow / peersNow;
            };
            line.measured = compared(line.ours, line.peer);
            std::vector<double> drawn;
            for (int i = 0; i < Draws; ++i) {
                const double oursNow = resampled(ours->second, random);
                drawn.push_back(compared(oursNow, row.peer ? resampled(peer->second, random) : 0.0));
            }
            line.low = quantile(drawn, 0.05);
            line.high = quantile(drawn, 0.95);
        }
        lines.push_back(line);
    }
    return lines;
}

void Table::print() const
{
    std::size_t repetitions = 0;
    for (const auto &[name, values] : m_values)
        repetitions = std::max(repetitions, values.size());
    std::printf(
        "\nMedians of up to %zu repetitions, those of all benchmarks in random order. A ratio is ours by the peer's.\n"
        "Spread: where 90 %% of the results lie when the repetitions are drawn again (bootstrap).\n%s\n\n",
        repetitions, qPrintable(m_note));
    printRatios();
    printPercentiles();
}

void Table::printRatios() const
{
    constexpr const char *Layout = "%-40s %-20s %10s %10s %10s %11s  %-21s %s\n";
    std::printf(Layout, "what", "peer", "ours", "peer's", "measured", "goal", "spread", "");
    for (const Line &line : lines()) {
        const TableRow &row = *line.row;
        if (!row.what) {
            std::printf("\n");
            continue;
        }
        auto figure = [&line](double value) {
            char text[32];
            std::snprintf(text, sizeof text, value < 0.1 ? "%.4f" : "%.2f", value);
            return line.isRatio() ? std::string(text) : withUnit(value, line.row->unit);
        };
        std::printf(Layout, row.what, row.peer ? peerName(row.peer).c_str() : "-",
                    withUnit(line.ours, row.unit).c_str(), row.peer ? withUnit(line.peer, row.unit).c_str() : "-",
                    figure(line.measured).c_str(), line.hasGoal() ? ("<= " + figure(row.goal)).c_str() : "-",
                    (figure(line.low) + " .. " + figure(line.high)).c_str(),
                    !line.hasGoal() ? ""
                    : line.isMet()  ? "met"
                                    : "NOT MET");
    }
}

void Table::printPercentiles() const
{
    using Entry = std::pair<double, std::string>;
    std::map<std::string, std::vector<Entry>> groups;
    for (const auto &[name, values] : m_values) {
        if (m_values.count(name + ":p99") != 0)
            groups[name.substr(0, name.find('/'))].emplace_back(median(values), name);
    }
    for (auto &[group, entries] : groups) {
        std::sort(entries.begin(), entries.end());
        std::printf("\n%-61s %10s %10s %10s\n", group.c_str(), "p50", "p99", "p99.9");
        for (const auto &[middle, name] : entries) {
            auto counter = [this, &key = name](const char *which) {
                return withUnit(median(m_values.at(key + which)), Unit::Nanoseconds);
            };
            std::string label = name.substr(group.size() + 1);
            if (label.back() == '/')
                label.pop_back();
            std::printf("  %-59s %10s %10s %10s\n", label.c_str(), withUnit(middle, Unit::Nanoseconds).c_str(),
                        counter(":p99").c_str(), counter(":p99.9").c_str());
        }
    }
}

bool Table::save(const QString &path) const
{
    QJsonArray rows;
    for (const Line &line : lines()) {
        const TableRow &row = *line.row;
        if (!row.what)
            continue;
        QJsonObject object{{u"what"_s, QLatin1StringView(row.what)},
                           {u"benchmark"_s, QLatin1StringView(row.ours)},
                           {u"unit"_s, QLatin1StringView(nameOf(row.unit))},
                           {u"isRatio"_s, line.isRatio()},
                           {u"ours"_s, line.ours},
                           {u"measured"_s, line.measured},
                           {u"low"_s, line.low},
                           {u"high"_s, line.high}};
        if (row.peer) {
            object[u"peer"_s] = QLatin1StringView(row.peer);
            object[u"peers"_s] = line.peer;
        }
        if (line.hasGoal()) {
            object[u"goal"_s] = row.goal;
            object[u"met"_s] = line.isMet();
        }
        rows.append(object);
    }
    QJsonObject medians;
    for (const auto &[name, values] : m_values)
        medians[QString::fromStdString(name)] = median(values);
    QFile file(path);
    const QByteArray text = QJsonDocument(QJsonObject{{u"rows"_s, rows}, {u"medians"_s, medians}}).toJson();
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}
