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
#include <random>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

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
    if (std::abs(nanoseconds) < 1000)
        std::snprintf(text, sizeof text, "%.1f ns", nanoseconds);
    else if (std::abs(nanoseconds) < 1e6)
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
    const TableRow *row;
    double ours = 0;
    double peer = 0;
    double measured = 0;
    double low = 0;
    double high = 0;

    bool isRatio() const { return row->peer && !row->isDifference; }
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
    for (const TableRow &row : m_rows) {
        Line line{&row};
        if (row.what) {
            const auto ours = m_nanoseconds.find(row.ours);
            const auto peer = row.peer ? m_nanoseconds.find(row.peer) : m_nanoseconds.end();
            if (ours == m_nanoseconds.end() || (row.peer && peer == m_nanoseconds.end()))
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
    constexpr const char *Layout = "%-32s %-20s %10s %10s %10s %10s  %-19s %s\n";
    std::size_t repetitions = 0;
    for (const auto &[name, values] : m_nanoseconds)
        repetitions = std::max(repetitions, values.size());
    std::printf(
        "\nProcessor time, medians of %zu repetitions, those of all benchmarks in random order. A ratio is ours by the "
        "peer's.\nSpread: where 90 %% of the results lie when the repetitions are drawn again (bootstrap).\n%s\n\n",
        repetitions, qPrintable(m_note));
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
            return line.isRatio() ? std::string(text) : duration(value);
        };
        std::printf(Layout, row.what, row.peer ? peerName(row.peer).c_str() : "-", duration(line.ours).c_str(),
                    row.peer ? duration(line.peer).c_str() : "-", figure(line.measured).c_str(),
                    row.goal > 0 ? ("<= " + figure(row.goal)).c_str() : "-",
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
        const TableRow &row = *line.row;
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
