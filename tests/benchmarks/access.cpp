// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Reads what another process owns, and publishes without listeners.

#include "owner.h"
#include "peers.h"

#include <benchmark/benchmark.h>

#include <QtCore/QByteArray>
#include <QtCore/QCoreApplication>

#include <cstring>
#include <ctime>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

QString nameHere(const char *what)
{
    return u"benchmark.%1.here.%2"_s.arg(QCoreApplication::applicationPid()).arg(QLatin1StringView(what));
}

std::size_t sizeOf(const benchmark::State &state)
{
    return static_cast<std::size_t>(state.range(0));
}

void read(benchmark::State &state)
{
    SharedSegmentPeer peer(Owner::nameOf(SharedSegmentPeer::Name, sizeOf(state)), sizeOf(state));
    std::vector<double> values(sizeOf(state) / sizeof(double));
    if (!peer.open() || !peer.array().read(values) || values.back() != 1.0) {
        state.SkipWithError("cannot read");
        return;
    }
    for (auto iteration : state)
        benchmark::DoNotOptimize(peer.array().read(values));
}

void copy(benchmark::State &state)
{
    ShmOpenPeer peer(Owner::nameOf(ShmOpenPeer::Name, sizeOf(state)), sizeOf(state));
    std::vector<double> values(sizeOf(state) / sizeof(double));
    if (!peer.open()) {
        state.SkipWithError("cannot open");
        return;
    }
    for (auto iteration : state) {
        std::memcpy(values.data(), peer.data(), sizeOf(state));
        benchmark::ClobberMemory();
    }
}

void readLocked(benchmark::State &state)
{
    QSharedMemoryPeer peer(Owner::nameOf(QSharedMemoryPeer::Name, sizeOf(state)), sizeOf(state));
    std::vector<double> values(sizeOf(state) / sizeof(double));
    if (!peer.open()) {
        state.SkipWithError("cannot open");
        return;
    }
    for (auto iteration : state) {
        peer.memory().lock();
        std::memcpy(values.data(), peer.memory().constData(), sizeOf(state));
        peer.memory().unlock();
        benchmark::ClobberMemory();
    }
}

void snapshotBytes(benchmark::State &state)
{
    SharedSegmentPeer peer(Owner::nameOf(SharedSegmentPeer::Name, sizeOf(state)), sizeOf(state));
    if (!peer.open()) {
        state.SkipWithError("cannot open");
        return;
    }
    for (auto iteration : state)
        benchmark::DoNotOptimize(peer.array().segment()->snapshot().constData());
}

void snapshotList(benchmark::State &state)
{
    SharedSegmentPeer peer(Owner::nameOf(SharedSegmentPeer::Name, sizeOf(state)), sizeOf(state));
    if (!peer.open()) {
        state.SkipWithError("cannot open");
        return;
    }
    for (auto iteration : state)
        benchmark::DoNotOptimize(peer.array().snapshot().constData());
}

void copyToNew(benchmark::State &state)
{
    ShmOpenPeer peer(Owner::nameOf(ShmOpenPeer::Name, sizeOf(state)), sizeOf(state));
    if (!peer.open()) {
        state.SkipWithError("cannot open");
        return;
    }
    for (auto iteration : state) {
        const QByteArray bytes(reinterpret_cast<const char *>(peer.data()), static_cast<qsizetype>(sizeOf(state)));
        benchmark::DoNotOptimize(bytes.constData());
    }
}

void publish(benchmark::State &state)
{
    SharedSegmentPeer peer(nameHere(SharedSegmentPeer::Name), sizeOf(state));
    const std::vector<double> values(sizeOf(state) / sizeof(double), 1.0);
    if (!peer.create() || !peer.array().publish(values)) {
        state.SkipWithError("cannot publish");
        return;
    }
    for (auto iteration : state)
        benchmark::DoNotOptimize(peer.array().publish(values));
}

void write(benchmark::State &state)
{
    SharedSegmentPeer peer(nameHere(SharedSegmentPeer::Name), sizeOf(state));
    if (!peer.create()) {
        state.SkipWithError("cannot create");
        return;
    }
    for (auto iteration : state) {
        if (auto writer = peer.array().beginWrite())
            writer[0] = 1.0;
    }
}

void publishLocked(benchmark::State &state)
{
    QSharedMemoryPeer peer(nameHere(QSharedMemoryPeer::Name), sizeOf(state));
    const std::vector<double> values(sizeOf(state) / sizeof(double), 1.0);
    if (!peer.create()) {
        state.SkipWithError("cannot create");
        return;
    }
    for (auto iteration : state) {
        peer.memory().lock();
        std::memcpy(peer.memory().data(), values.data(), sizeOf(state));
        peer.memory().unlock();
    }
}

void copyIn(benchmark::State &state)
{
    ShmOpenPeer peer(nameHere(ShmOpenPeer::Name), sizeOf(state));
    const std::vector<double> values(sizeOf(state) / sizeof(double), 1.0);
    if (!peer.create()) {
        state.SkipWithError("cannot create");
        return;
    }
    for (auto iteration : state) {
        std::memcpy(peer.data(), values.data(), sizeOf(state));
        benchmark::ClobberMemory();
    }
}

void clock(benchmark::State &state)
{
    timespec now;
    for (auto iteration : state) {
        ::clock_gettime(CLOCK_REALTIME, &now);
        benchmark::DoNotOptimize(now);
    }
}

} // namespace

void addAccessBenchmarks()
{
    constexpr std::int64_t KiB = 1024;
    constexpr std::int64_t MiB = 1024 * KiB;
    for (const std::int64_t size : {std::int64_t(8), 4 * KiB, MiB, 64 * MiB}) {
        benchmark::RegisterBenchmark("read/SharedSegment", read)->Arg(size);
        benchmark::RegisterBenchmark("read/memcpy", copy)->Arg(size);
        benchmark::RegisterBenchmark("read/QSharedMemory", readLocked)->Arg(size);
    }
    benchmark::RegisterBenchmark("snapshot/QByteArray", snapshotBytes)->Arg(MiB);
    benchmark::RegisterBenchmark("snapshot/QList", snapshotList)->Arg(MiB);
    benchmark::RegisterBenchmark("snapshot/memcpy", copyToNew)->Arg(MiB);
    for (const std::int64_t size : {std::int64_t(8), std::int64_t(64), MiB}) {
        benchmark::RegisterBenchmark("publish/SharedSegment", publish)->Arg(size);
        benchmark::RegisterBenchmark("publish/QSharedMemory", publishLocked)->Arg(size);
        benchmark::RegisterBenchmark("publish/memcpy", copyIn)->Arg(size);
    }
    benchmark::RegisterBenchmark("write/SharedSegment", write)->Arg(64);
    benchmark::RegisterBenchmark("clock", clock);
}
