// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <benchmark/benchmark.h>

#include <QtCore/QString>

#include <map>
#include <string>
#include <vector>

/// Ours beside a peer.
struct TableRow
{
    const char *what = nullptr; ///< null: an empty line
    const char *ours = nullptr;
    const char *peer = nullptr; ///< null: the goal is in nanoseconds
    double goal = 0;            ///< 0: for information
    bool isDifference = false;  ///< ours less the peer's in nanoseconds, not by it
};

/// Collects the repetitions of every benchmark and makes one table of them: each of ours beside a peer, as a ratio of medians.
class Table : public benchmark::BenchmarkReporter
{
public:
    /// `note` says what a reader of the figures should know beyond how they were taken.
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

    std::vector<TableRow> m_rows;
    QString m_note;
    std::map<std::string, std::vector<double>> m_nanoseconds;
    bool m_hasFailures = false;
};
