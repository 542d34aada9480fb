// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Compares streams with their alternatives, and prints one table.
//
//   sharedsegment_stream_benchmarks [--table=FILE.json] [options of Google Benchmark]
//
// BENCHMARK_STREAM_SECONDS in the environment: how long a million elements a second are appended; 5 otherwise.

#include "../processes/crowd.h"
#include "../program.h"
#include "iceoryxdaemon.h"
#include "pace.h"
#include "streampeer.h"
#include "transfer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QThread>

#include <cstdio>
#include <cstring>
#include <iterator>

void addPaceBenchmarks();
void addStreamBenchmarks();
void addTransferBenchmarks(bool withIceoryx);

namespace {

#define Beside "append beside/"

constexpr TableRow Rows[] = {
    {"append 64 B, no listeners", "append/SharedSegment/1", nullptr, 60},
    {"  of it, reading the clock once", "clock/", nullptr},
    {"append 64 B, no listeners", "append/SharedSegment/1", "message/iceoryx/1", 0.1},
    {"append 64 x 64 B", "append/SharedSegment/64", "append/memcpy/64", 1.3},
    {"append 64 x 64 B, small buffer", "small buffer, append/SharedSegment/64", "small buffer, append/memcpy/64", 1.3},
    {"read 64 x 64 B", "read/SharedSegment/64", "read/memcpy/64", 1.3},
    {"read 64 x 64 B, small buffer", "small buffer, read/SharedSegment/64", "small buffer, read/memcpy/64", 1.3},
    {"readNew of 64 x 64 B, QList", "readNew/SharedSegment/64", "readNew/memcpy/64", 1.3},
    {"readNew of 64 x 64 B, small buffer", "small buffer, readNew/SharedSegment/64", "small buffer, readNew/memcpy/64",
     1.3},
    {"readNew of 1 MiB, QList", "readNew/SharedSegment/16384", "readNew/memcpy/16384", 1.3},
    {"readNew of 1 MiB, small buffer", "small buffer, readNew/SharedSegment/16384",
     "small buffer, readNew/memcpy/16384", 1.3},
    {"read 1 MiB", "read/SharedSegment/16384", "read/memcpy/16384", 1.3},
    {"read 1 MiB, small buffer", "small buffer, read/SharedSegment/16384", "small buffer, read/memcpy/16384", 1.3},
    {},
    {"message of 64 B to another process", "message/SharedSegment/1", "message/iceoryx/1"},
    {"message of 64 B to another process", "message/SharedSegment/1", "message/Boost message_queue/1"},
    {"message of 64 B to another process", "message/SharedSegment/1", "message/ZeroMQ/1"},
    {"message of 64 B to another process", "message/SharedSegment/1", "message/QLocalSocket/1"},
    {"message of 64 B to another process", "message/SharedSegment/1", "message/LCM/1"},
    {"message of 64 x 64 B", "message/SharedSegment/64", "message/iceoryx/64"},
    {"message of 64 x 64 B", "message/SharedSegment/64", "message/Boost message_queue/64"},
    {"message of 64 x 64 B", "message/SharedSegment/64", "message/ZeroMQ/64"},
    {"message of 64 x 64 B", "message/SharedSegment/64", "message/QLocalSocket/64"},
    {"message of 64 x 64 B", "message/SharedSegment/64", "message/LCM/64"},
    {"lost of them", "message/SharedSegment/1:lost", "message/LCM/1:lost", TableRow::NoGoal, true, Unit::Times},
    {},
    {"append 64 B, a reader each 100 ms", Beside "a reader each 100 ms/1", Beside "a reader that never reads/1", 1.05},
    {"append 64 B, a reader each 10 ms", Beside "a reader each 10 ms/1", Beside "a reader that never reads/1", 1.05},
    {"append 64 B, a reader each ms", Beside "a reader each ms/1", Beside "a reader that never reads/1", 1.05},
    {"append 64 B, a reader without pause", Beside "a reader without pause/1", Beside "a reader that never reads/1"},
    {"append 64 x 64 B, a reader each 100 ms", Beside "a reader each 100 ms/64", Beside "a reader that never reads/64",
     1.05},
    {"append 64 x 64 B, a reader each 10 ms", Beside "a reader each 10 ms/64", Beside "a reader that never reads/64",
     1.05},
    {"append 64 x 64 B, a reader each ms", Beside "a reader each ms/64", Beside "a reader that never reads/64", 1.05},
    {"append 64 x 64 B, a reader without pause", Beside "a reader without pause/64",
     Beside "a reader that never reads/64"},
    {},
    {"lost at 1 M elements a second, 8 readers", "million elements a second/8:lost", nullptr, 0, false, Unit::Times},
    {"  of elements", "million elements a second/8:elements", nullptr, TableRow::NoGoal, false, Unit::Times},
    {"  an append to 8 waiting readers", "million elements a second/8", nullptr},
};

Station::Commands allCommands()
{
    Station::Commands all;
    for (Station::Commands some : {crowdCommands(), transferCommands(), paceCommands()})
        all.merge(some);
    return all;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc == 3 && std::strcmp(argv[1], "--station") == 0)
        return Station::run(allCommands());
    if (QThread::idealThreadCount() < 2) {
        std::fputs("This takes two processors.\n", stderr);
        return 1;
    }
    IceoryxDaemon daemon;
    const bool hasIceoryx = !iceoryxPeers().isEmpty() && daemon.start();
    if (!hasIceoryx)
        std::fputs("iox-roudi does not come up, or was not found: goes without iceoryx.\n", stderr);
    addStreamBenchmarks();
    addTransferBenchmarks(hasIceoryx);
    addPaceBenchmarks();
    return runBenchmarks(
        argc, argv, std::vector<TableRow>(std::begin(Rows), std::end(Rows)),
        QStringLiteral(
            "Buffers of 2 000 000 elements of 64 B; small ones, of 100 000. A message takes its sender's time on the wall,\n"
            "while another process on the second processor receives; appends and reads take the processor's time."));
}
