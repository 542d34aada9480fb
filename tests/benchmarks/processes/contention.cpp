// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Reading while another processor writes without a pause, and writing while another one reads.

#include "../samples.h"
#include "crowd.h"

#include <SharedSegment/SharedArray>

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QThread>

#include <vector>

namespace {

constexpr std::int64_t RoundTime = 60'000'000; // ns

/// A segment that the first of the crowd writes to, and its reader here.
class Contention
{
public:
    ~Contention()
    {
        m_array.close();
        writer().ask("writer-close");
        runOn({0, 1});
    }
    Q_DISABLE_COPY_MOVE(Contention)

    explicit Contention(std::int64_t bytes)
        : m_values(static_cast<std::size_t>(bytes) / sizeof(double))
    {
        static int counter = 0;
        const QByteArray name = "benchmark." + QByteArray::number(QCoreApplication::applicationPid()) + ".contention."
                              + QByteArray::number(++counter);
        m_array.segment()->setName(QString::fromLatin1(name));
        m_isReady = Crowd::instance().grow(1)
                 && writer().ask("writer-create " + name + ' ' + QByteArray::number(qint64(bytes))) == "done"
                 && m_array.open() && runOn({0});
    }

    bool isReady() const { return m_isReady; }
    bool read() { return m_array.read(m_values).has_value(); }
    void startWriting()
    {
        writer().tell("writer-write");
        const quint64 revision = m_array.revision();
        while (m_array.revision() < revision + 10)
            QThread::yieldCurrentThread();
    }
    /// @returns what one write took, in ns.
    double stopWriting()
    {
        writer().tell("writer-stop");
        const double time = writer().answer().toDouble();
        writer().answer();
        return time;
    }

private:
    static Station &writer() { return Crowd::instance()[0]; }

    SharedArray<double> m_array;
    std::vector<double> m_values;
    bool m_isReady = false;
};

void readWhile(benchmark::State &state, bool isWritten)
{
    Contention contention(state.range(0));
    if (!contention.isReady()) {
        state.SkipWithError("the writer does not come up");
        return;
    }
    for (auto iteration : state) {
        if (isWritten)
            contention.startWriting();
        Samples samples(1 << 20);
        std::int64_t starved = 0;
        const std::int64_t start = monotonicTime();
        for (std::int64_t begin = start; begin < start + RoundTime;) {
            if (!contention.read())
                ++starved;
            const std::int64_t end = monotonicTime();
            samples.add(end - begin);
            begin = end;
        }
        if (isWritten)
            contention.stopWriting();
        state.counters["starved"] = static_cast<double>(starved);
        reportSamples(state, samples.toLine());
    }
}

void writeWhile(benchmark::State &state, bool isRead)
{
    Contention contention(state.range(0));
    if (!contention.isReady()) {
        state.SkipWithError("the writer does not come up");
        return;
    }
    for (auto iteration : state) {
        contention.startWriting();
        const std::int64_t start = monotonicTime();
        while (isRead && monotonicTime() < start + RoundTime)
            contention.read();
        if (!isRead)
            QThread::msleep(RoundTime / 1'000'000);
        state.SetIterationTime(contention.stopWriting() / 1e9);
    }
}

} // namespace

void addContentionBenchmarks()
{
    for (const std::int64_t bytes : {4096, 1 << 20}) {
        for (const bool isThere : {false, true}) {
            benchmark::RegisterBenchmark(isThere ? "snapshot/busy writer" : "snapshot/quiet", readWhile, isThere)
                ->Arg(bytes)
                ->UseManualTime()
                ->Iterations(1);
            benchmark::RegisterBenchmark(isThere ? "write/being read" : "write/alone", writeWhile, isThere)
                ->Arg(bytes)
                ->UseManualTime()
                ->Iterations(1);
        }
    }
}
