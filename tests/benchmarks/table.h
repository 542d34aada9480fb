// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <benchmark/benchmark.h>

#include <QtCore/QString>

#include <map>
#include <string>
#include <vector>

/// What a figure without a peer counts, and how it is written.
enum class Unit { Nanoseconds, Bytes, Times, Ratio };

/// Ours beside a peer. The name of a benchmark is its name and arguments, `read/memcpy/8`; one of its counters is named
/// behind it, `read/memcpy/8:p99`.
struct TableRow
{
    static constexpr double NoGoal = -1; ///< for information

    const char *what = nullptr; ///< null: an empty line
    const char *ours = nullptr;
    const char *peer = nullptr; ///< null: the goal is in `unit`
    double goal = NoGoal;
    bool isDifference = false; ///< ours less the peer's, not ours divided by it
    Unit unit = Unit::Nanoseconds;
};

/// Collects the repetitions of every benchmark and makes one table of them: each of ours beside a peer, as a ratio of
/// medians. Benchmarks that have percentiles are listed below it with them, the quickest first.
class Table : public benchmark::BenchmarkReporter
{
public:
    /// `note` says what a reader of the figures should know besides how they were measured.
    Table(std::vector<TableRow> rows, QString note);

    bool ReportContext(const Context &context) override;
    void ReportRuns(const std::vector<Run> &runs) override;

    void print() const;
    /// @returns whether the file was written.
    bool save(const QString &path) const;
    /// Whether a benchmark could not run.
    bool hasFailures() const { return m_hasFailures; }

private:
    struct Line;
    std::vector<Line> lines() const;
    void printRatios() const;
    void printPercentiles() const;

    std::vector<TableRow> m_rows;
    QString m_note;
    std::map<std::string, std::vector<double>> m_values;
    bool m_hasFailures = false;
};
