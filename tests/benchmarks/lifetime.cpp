// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Creating, opening and closing. The time includes making the object; it includes closing only where the name says so.

#include "owner.h"
#include "peers.h"

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>

#include <ctime>
#include <optional>
#include <string>

using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t Small = 4096;
constexpr std::int64_t Large = 64 << 20;

/// In seconds. Not the wall clock: nothing here waits, and the time of other programs must not count.
double processorTime()
{
    timespec now;
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

QString freshName()
{
    static int counter = 0;
    return u"benchmark.%1.fresh.%2"_s.arg(QCoreApplication::applicationPid()).arg(++counter);
}

template<typename Peer, bool WithClose>
void create(benchmark::State &state)
{
    const auto size = static_cast<std::size_t>(state.range(0));
    for (auto iteration : state) {
        const QString name = freshName();
        std::optional<Peer> peer;
        const double begin = processorTime();
        const bool done = peer.emplace(name, size).create();
        double end = processorTime();
        peer.reset();
        if constexpr (WithClose)
            end = processorTime();
        state.SetIterationTime(end - begin);
        if (!done) {
            state.SkipWithError("cannot create");
            return;
        }
    }
}

template<typename Peer>
void open(benchmark::State &state)
{
    const auto size = static_cast<std::size_t>(state.range(0));
    const QString name = Owner::nameOf(Peer::Name, size);
    for (auto iteration : state) {
        std::optional<Peer> peer;
        const double begin = processorTime();
        const bool done = peer.emplace(name, size).open();
        const double end = processorTime();
        peer.reset();
        state.SetIterationTime(end - begin);
        if (!done) {
            state.SkipWithError("cannot open");
            return;
        }
    }
}

/// QSharedMemory where the folder for temporary files is in memory: it makes two files there for each segment.
void createWithFilesInMemory(benchmark::State &state)
{
    const QByteArray usual = qgetenv("TMPDIR");
    qputenv("TMPDIR", "/dev/shm");
    create<QSharedMemoryPeer, false>(state);
    if (usual.isNull())
        qunsetenv("TMPDIR");
    else
        qputenv("TMPDIR", usual);
}

template<typename Peer>
void addPeer()
{
    const std::string name = Peer::Name;
    for (const std::int64_t size : {Small, Large}) {
        // With this backend the pages of a large segment are reserved, which takes as long as clearing them.
        if (size == Small || name != SharedSegmentPosixPeer::Name)
            benchmark::RegisterBenchmark(("create/" + name).c_str(), create<Peer, false>)->Arg(size)->UseManualTime();
        benchmark::RegisterBenchmark(("open/" + name).c_str(), open<Peer>)->Arg(size)->UseManualTime();
    }
    benchmark::RegisterBenchmark(("create and close/" + name).c_str(), create<Peer, true>)->Arg(Small)->UseManualTime();
}

} // namespace

void addLifetimeBenchmarks()
{
    addPeer<SharedSegmentPeer>();
    addPeer<SharedSegmentPosixPeer>();
    addPeer<QSharedMemoryPeer>();
    benchmark::RegisterBenchmark("create/QSharedMemory-tmpfs", createWithFilesInMemory)->Arg(Small)->UseManualTime();
    addPeer<BoostPeer>();
    // It fills what it makes: only the small one is comparable.
    benchmark::RegisterBenchmark("create/Boost managed", create<BoostManagedPeer, false>)->Arg(Small)->UseManualTime();
    benchmark::RegisterBenchmark("open/Boost managed", open<BoostManagedPeer>)->Arg(Small)->UseManualTime();
    addPeer<ShmOpenPeer>();
    addPeer<MemfdPeer>();
}
