// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// How cost grows: with the length of a segment, and with the number of segments. Each round makes what it needs in
// another process, then measures one operation after the other, by processor time.

#include "crowd.h"
#include "holder.h"

#include "../peers.h"
#include "../samples.h"

#include <SharedSegment/SharedArray>

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QThread>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

QByteArray prefixOf(const char *what)
{
    return "benchmark." + QByteArray::number(QCoreApplication::applicationPid()) + '.' + what + '.';
}

QString freshName()
{
    static int counter = 0;
    return QString::fromLatin1(prefixOf("growth.fresh")) + QString::number(++counter);
}

/// The median of a few calls, in ns. @returns a negative number when one fails.
double timeOf(
    int calls, const std::function<bool()> &call, const std::function<void()> &after = [] {})
{
    std::vector<double> times;
    for (int i = 0; i < calls; ++i) {
        const std::int64_t begin = threadTime();
        const bool isDone = call();
        times.push_back(static_cast<double>(threadTime() - begin));
        if (!isDone)
            return -1;
        after();
    }
    std::nth_element(times.begin(), times.begin() + calls / 2, times.end());
    return times[static_cast<std::size_t>(calls / 2)];
}

/// Repeated until it takes a while, for operations that are quicker than the clock.
double meanOf(const std::function<bool()> &call)
{
    constexpr double Enough = 2e6; // ns
    for (int calls = 1;; calls *= 4) {
        const std::int64_t begin = threadTime();
        for (int i = 0; i < calls; ++i) {
            if (!call())
                return -1;
        }
        const auto time = static_cast<double>(threadTime() - begin);
        if (time >= Enough)
            return time / calls;
    }
}

template<typename Peer>
double timeToCreate(std::size_t bytes)
{
    std::unique_ptr<Peer> peer;
    return timeOf(
        9,
        [&] {
            peer = std::make_unique<Peer>(freshName(), bytes);
            return peer->create();
        },
        [&] { peer.reset(); });
}

template<typename Peer>
double timeToOpen(const QString &name, std::size_t bytes)
{
    std::unique_ptr<Peer> peer;
    return timeOf(
        9,
        [&] {
            peer = std::make_unique<Peer>(name, bytes);
            return peer->open();
        },
        [&] { peer.reset(); });
}

class ByteArrayPeer
{
public:
    ByteArrayPeer(const QString &name, std::size_t size)
        : m_array(name)
        , m_size(static_cast<qint64>(size))
    {
    }
    bool create() { return m_array.create(m_size); }
    bool open() { return m_array.open(); }
    SharedArray<quint8> &array() { return m_array; }

private:
    SharedArray<quint8> m_array;
    qint64 m_size;
};

void report(benchmark::State &state, const std::vector<std::pair<const char *, double>> &figures)
{
    for (const auto &[name, nanoseconds] : figures) {
        if (nanoseconds < 0)
            state.SkipWithError(("cannot " + std::string(name)).c_str());
        state.counters[name] = nanoseconds;
    }
    state.SetIterationTime(1); // All measured times are in the counters.
}

void growInLength(benchmark::State &state)
{
    const auto bytes = static_cast<std::size_t>(state.range(0));
    Station &holder = Crowd::instance()[0];
    const QString name = freshName();
    if (holder.ask("holder-own-long " + name.toLatin1() + ' ' + QByteArray::number(qint64(bytes))) != "done") {
        state.SkipWithError("cannot be held");
        return;
    }
    for (auto iteration : state) {
        ByteArrayPeer here(freshName(), bytes);
        ByteArrayPeer there(name, bytes);
        ShmOpenPeer plain(freshName(), bytes);
        std::vector<quint8> values(bytes, 1);
        const std::vector<quint8> others(bytes, 2);
        if (!here.create() || !there.open() || !plain.create()) {
            state.SkipWithError("cannot open");
            break;
        }
        // The first time maps its pages.
        std::memset(plain.data(), 2, bytes);
        for (int i = 0; i <= here.array().segment()->bufferCount(); ++i)
            here.array().publish(others);
        report(state, {{"create", timeToCreate<ByteArrayPeer>(bytes)},
                       {"open", timeToOpen<ByteArrayPeer>(name, bytes)},
                       {"QSharedMemory create", timeToCreate<QSharedMemoryPeer>(bytes)},
                       {"QSharedMemory open", timeToOpen<QSharedMemoryPeer>(name, bytes)},
                       {"publish", meanOf([&] { return here.array().publish(others); })},
                       {"read", meanOf([&] { return there.array().read(values).has_value(); })},
                       {"memcpy", meanOf([&] {
                            std::memcpy(values.data(), plain.data(), bytes);
                            benchmark::ClobberMemory();
                            return true;
                        })}});
    }
    holder.ask("holder-close-long");
}

void growInNumber(benchmark::State &state)
{
    const auto count = static_cast<int>(state.range(0));
    if (!holdSegments(count)) {
        state.SkipWithError("cannot be held");
        return;
    }
    const QString name = heldName();
    for (auto iteration : state) {
        report(state, {{"create", timeToCreate<SharedSegmentPeer>(sizeof(double))},
                       {"open", timeToOpen<SharedSegmentPeer>(name, sizeof(double))},
                       {"exists", timeOf(9, [&] { return SharedSegment::exists(name); })},
                       {"names", timeOf(3, [&] { return SharedSegment::names().size() >= count; })}});
    }
    holdSegments(0);
}

/// How many times a process has gone to sleep or was put to sleep so far, with all its threads; -1 if the system does not say.
qint64 switchesOf(qint64 pid)
{
    QFile file(u"/proc/%1/status"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    qint64 switches = 0;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.contains("ctxt_switches:"))
            switches += line.mid(line.indexOf(':') + 1).trimmed().toLongLong();
    }
    return switches;
}

void idle(benchmark::State &state)
{
    constexpr int Seconds = 2;
    const auto count = static_cast<int>(state.range(0));
    Station &owner = Crowd::instance()[0];
    Station &reader = Crowd::instance()[1];
    const QByteArray names = prefixOf("idle") + ' ' + QByteArray::number(count);
    if (owner.ask("holder-own " + names) != "done" || reader.ask("holder-open " + names) != "done") {
        state.SkipWithError("cannot be opened");
        return;
    }
    // By then it has armed all its listeners.
    QThread::sleep(1);
    for (auto iteration : state) {
        const qint64 before = switchesOf(reader.pid());
        QThread::sleep(Seconds);
        state.counters["wake-ups"] = static_cast<double>(switchesOf(reader.pid()) - before) / Seconds;
        state.SetIterationTime(Seconds);
    }
    reader.ask("holder-close");
    owner.ask("holder-own " + prefixOf("idle") + " 0");
}

} // namespace

void addGrowthBenchmarks()
{
    if (!growHolders())
        return;
    for (std::int64_t length = 1; length <= 100'000'000; length *= 10)
        benchmark::RegisterBenchmark("length", growInLength)
            ->Arg(length)
            ->UseManualTime()
            ->Iterations(1)
            ->Repetitions(3);
    for (std::int64_t count = 1; count <= 10'000; count *= 10)
        benchmark::RegisterBenchmark("segments", growInNumber)
            ->Arg(count)
            ->UseManualTime()
            ->Iterations(1)
            ->Repetitions(3);
    benchmark::RegisterBenchmark("idle", idle)->Arg(1000)->UseManualTime()->Iterations(1)->Repetitions(2);
}
