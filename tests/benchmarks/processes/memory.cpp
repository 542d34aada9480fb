// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// How much memory many readers of a large segment take. All that the same processes took before is subtracted: programs
// and libraries are no part of the segment. The remaining sum of PSS should be the segment, once.

#include "crowd.h"
#include "reader.h"

#include <SharedSegment/SharedArray>

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>

#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Bytes = qint64(64) << 20;

/// Of this process, which owns the segment, and of the readers.
double sumOfMemory(Crowd &crowd, std::size_t readers)
{
    qint64 sum = proportionalSetSize();
    for (std::size_t i = 0; i < readers; ++i)
        sum += crowd[i].ask("reader-memory").toLongLong();
    return static_cast<double>(sum);
}

void read(benchmark::State &state)
{
    const auto readers = static_cast<std::size_t>(state.range(0));
    const std::vector<double> values(Bytes / sizeof(double), 1.0);
    // A crowd of its own, whose processes have not opened anything yet.
    Crowd crowd;
    if (!crowd.grow(readers)) {
        state.SkipWithError("the readers do not come up");
        return;
    }
    for (auto iteration : state) {
        const double before = sumOfMemory(crowd, readers);
        const QString name = u"benchmark.%1.memory"_s.arg(QCoreApplication::applicationPid());
        SharedArray<double> array(name);
        bool isDone = array.create(qint64(values.size()));
        // Until all buffers have been written to: a page that was never written to takes no memory yet.
        for (int i = 0; isDone && i < array.segment()->bufferCount(); ++i)
            isDone = array.publish(values);
        if (!isDone || !crowd.areDone(readers, "reader-read " + name.toLatin1())) {
            state.SkipWithError("cannot read");
            return;
        }
        const double sum = sumOfMemory(crowd, readers) - before;
        const auto own = static_cast<double>(Bytes * array.segment()->bufferCount());
        state.counters["sum"] = sum;
        state.counters["segment"] = own;
        state.counters["each"] = (sum - own) / static_cast<double>(readers);
        state.SetIterationTime(1); // No time is measured.
    }
}

} // namespace

void addMemoryBenchmarks()
{
    for (const std::int64_t readers : {1, 4, 16, 32})
        benchmark::RegisterBenchmark("memory", read)->Arg(readers)->UseManualTime()->Iterations(1)->Repetitions(3);
}
