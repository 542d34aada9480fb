// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <benchmark/benchmark.h>

#include <QtCore/QByteArray>

#include <cstdint>
#include <vector>

/// In ns; the same in every process.
std::int64_t monotonicTime();
/// The processor time of the calling thread so far, in ns.
std::int64_t threadTime();

/// The measurements of one round, in ns: the many short times that a mean would hide.
class Samples
{
public:
    explicit Samples(std::size_t expected) { m_values.reserve(expected); }

    void add(std::int64_t nanoseconds) { m_values.push_back(nanoseconds); }
    std::size_t size() const { return m_values.size(); }

    /// The median, p99 and p99.9, as a line of text: one process sends them to the other in this form.
    QByteArray toLine();

private:
    std::vector<std::int64_t> m_values;
};

/// Makes the median of such a line the time of the iteration, and the others the counters `p99` and `p99.9`, all
/// divided by `parts`. @returns false when the line is invalid.
bool reportSamples(benchmark::State &state, const QByteArray &line, double parts = 1);
