// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Reads while another processor writes without a pause, and writes while another one reads.

#include "../samples.h"
#include "crowd.h"

#include "../peers.h"

#include <SharedSegment/SharedArray>

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QThread>

#include <atomic>
#include <cstring>
#include <functional>
#include <optional>
#include <vector>

namespace {

constexpr std::int64_t RoundTime = 60'000'000; // ns
constexpr std::int64_t ShortBytes = 1 << 16;

/// A segment that the first process of the crowd writes to, and its reader here.
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
        m_memory.emplace(QString::fromLatin1(name), static_cast<std::size_t>(bytes));
        m_isReady = m_isReady && m_memory->open();
    }

    bool isReady() const { return m_isReady; }
    void copy()
    {
        std::memcpy(m_values.data(), m_memory->data(), m_values.size() * sizeof(double));
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
    bool read() { return m_array.read(m_values).has_value(); }
    void startCopying() { writer().tell("writer-write memory"); }
    void startWriting()
    {
        const quint64 revision = m_array.revision();
        writer().tell("writer-write array");
        while (m_array.revision() < revision + 10)
            QThread::yieldCurrentThread();
    }
    /// @returns the time of one write, in ns.
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
    std::optional<ShmOpenPeer> m_memory;
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
        // A read never sleeps: a time beyond the processor's time is another program's turn. A short read is too quick
        // for that clock.
        const auto clock = state.range(0) > ShortBytes ? threadTime : monotonicTime;
        Samples samples(1 << 20);
        std::int64_t starved = 0;
        const std::int64_t start = clock();
        for (std::int64_t begin = start; begin < start + RoundTime;) {
            if (!contention.read())
                ++starved;
            const std::int64_t end = clock();
            samples.add(end - begin);
            begin = end;
        }
        if (isWritten)
            contention.stopWriting();
        state.counters["starved"] = static_cast<double>(starved);
        reportSamples(state, samples.toLine());
    }
}

/// The bare one shows what no protocol can avoid: the cache lines move between the processors.
void writeWhile(benchmark::State &state, bool isBare, bool isRead)
{
    Contention contention(state.range(0));
    if (!contention.isReady()) {
        state.SkipWithError("the writer does not come up");
        return;
    }
    for (auto iteration : state) {
        if (isBare)
            contention.startCopying();
        else
            contention.startWriting();
        const std::int64_t start = monotonicTime();
        while (isRead && monotonicTime() < start + RoundTime) {
            if (isBare)
                contention.copy();
            else
                contention.read();
        }
        if (!isRead)
            QThread::msleep(RoundTime / 1'000'000);
        state.SetIterationTime(contention.stopWriting() / 1e9);
    }
}

} // namespace

void addContentionBenchmarks()
{
    for (const std::int64_t bytes : {4096, 1 << 20}) {
        auto add = [bytes](const char *name, const std::function<void(benchmark::State &)> &run) {
            benchmark::RegisterBenchmark(name, run)->Arg(bytes)->UseManualTime()->Iterations(1);
        };
        add("snapshot/idle writer", [](benchmark::State &state) { readWhile(state, false); });
        add("snapshot/busy writer", [](benchmark::State &state) { readWhile(state, true); });
        add("write/alone", [](benchmark::State &state) { writeWhile(state, false, false); });
        add("write/being read", [](benchmark::State &state) { writeWhile(state, false, true); });
        add("write/memcpy, alone", [](benchmark::State &state) { writeWhile(state, true, false); });
        add("write/memcpy, being read", [](benchmark::State &state) { writeWhile(state, true, true); });
    }
}
