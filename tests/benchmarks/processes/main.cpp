// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Compares what goes on between processes with its alternatives, and prints one table.
//
//   sharedsegment_process_benchmarks [--table=FILE.json] [options of Google Benchmark]

#include "../program.h"
#include "crowd.h"
#include "holder.h"
#include "listeners.h"
#include "messagebus.h"
#include "notificationplayer.h"
#include "reader.h"
#include "station.h"
#include "writer.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QThread>

#include <cstring>
#include <iterator>

using namespace Qt::StringLiterals;

void addContentionBenchmarks();
void addGrowthBenchmarks();
void addRegistryBenchmarks();
void addMemoryBenchmarks();
void addNotificationBenchmarks();
void addNotifierBenchmarks();

namespace {

#define Notify "publisher with sleeping listeners/"
constexpr double HalfMiB = 512 * 1024;

constexpr TableRow Rows[] = {
    {"notification, one processor", "notification, one processor/SharedSegment/", "notification, one processor/futex/",
     1.9},
    {"notification, one processor", "notification, one processor/SharedSegment/",
     "notification, one processor/QLocalSocket/", 0.6},
    {"notification, two processors", "notification, two processors/SharedSegment/",
     "notification, two processors/futex/", 1.2},
    {"notification, two processors", "notification, two processors/SharedSegment/",
     "notification, two processors/QLocalSocket/", 0.6},
    {},
    {"notification, one processor, p99", "notification, one processor/SharedSegment/:p99",
     "notification, one processor/futex/:p99"},
    {"notification, two processors, p99", "notification, two processors/SharedSegment/:p99",
     "notification, two processors/futex/:p99"},
    {"notification, one processor", "notification, one processor/SharedSegment/",
     "notification, one processor/FIFO, QSocketNotifier/"},
    {"notification, two processors", "notification, two processors/SharedSegment/",
     "notification, two processors/FIFO, QSocketNotifier/"},
    {},
    {"4 KiB while written to, starved reads", "snapshot/busy writer/4096:starved", nullptr, 0, false, Unit::Times},
    {"1 MiB while written to, starved reads", "snapshot/busy writer/1048576:starved", nullptr, 0, false, Unit::Times},
    {"4 KiB while written to, p99", "snapshot/busy writer/4096:p99", "snapshot/idle writer/4096:p99", 5},
    {"1 MiB while written to, p99", "snapshot/busy writer/1048576:p99", "snapshot/idle writer/1048576:p99", 5},
    {"write of 4 KiB while read", "write/being read/4096", "write/alone/4096", 1.1},
    {"  two memcpy over the same memory", "write/memcpy, being read/4096", "write/memcpy, alone/4096"},
    {"write of 1 MiB while read", "write/being read/1048576", "write/alone/1048576", 1.1},
    {"  two memcpy over the same memory", "write/memcpy, being read/1048576", "write/memcpy, alone/1048576"},
    {},
    {"publish to 1 sleeping listener", Notify "SharedSegment/1", Notify "eventfd/1", 1},
    {"publish to 8 sleeping listeners", Notify "SharedSegment/8", Notify "eventfd/8", 1},
    {"publish to 32 sleeping listeners", Notify "SharedSegment/32", Notify "eventfd/32", 1},
    {"publish to 1 sleeping listener", Notify "SharedSegment/1", Notify "FIFO/1"},
    {"publish to 8 sleeping listeners", Notify "SharedSegment/8", Notify "FIFO/8"},
    {"publish to 32 sleeping listeners", Notify "SharedSegment/32", Notify "FIFO/32"},
    {"publish to 32 busy listeners", "publisher with busy listeners/SharedSegment/32", nullptr, 1000},
    {"publish to 32 busy listeners", "publisher with busy listeners/SharedSegment/32",
     "publisher with busy listeners/eventfd/32"},
    {},
    {"memory beyond the segment, 1 reader", "memory/1:each", nullptr, HalfMiB, false, Unit::Bytes},
    {"  each of 4 readers", "memory/4:each", nullptr, HalfMiB, false, Unit::Bytes},
    {"  each of 16 readers", "memory/16:each", nullptr, HalfMiB, false, Unit::Bytes},
    {"  each of 32 readers", "memory/32:each", nullptr, HalfMiB, false, Unit::Bytes},
    {},
    {"wake-ups a second, 1000 open and idle", "idle/1000:wake-ups", nullptr, 0, false, Unit::Times},
    {"create, 100 MB", "length/100000000:create", "length/100000000:QSharedMemory create"},
    {"create where 10 000 others are", "segments/10000:create", "segments/1:create"},
    {"open where 10 000 others are", "segments/10000:open", "segments/1:open"},
    {"names() of 10 000", "segments/10000:names", nullptr},
    {"model of 10 000 names", "registry/10000:SharedRegistryModel, processor", nullptr, 200e6},
    {"model of 10 000 names", "registry/10000:SharedRegistryModel, processor", "registry/10000:names(), processor"},
    {"  on the wall", "registry/10000:SharedRegistryModel", "registry/10000:names()"},
};

Station::Commands allCommands()
{
    Station::Commands all;
    for (Station::Commands some : {notificationCommands(), crowdCommands(), listenersCommands(), writerCommands(),
                                   readerCommands(), holderCommands()})
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
    MessageBus bus;
    if (!bus.start())
        std::fputs("dbus-daemon does not come up: what is measured of QtDBus will fail.\n", stderr);
    addNotificationBenchmarks();
    addContentionBenchmarks();
    addNotifierBenchmarks();
    addMemoryBenchmarks();
    addGrowthBenchmarks();
    addRegistryBenchmarks();
    return runBenchmarks(
        argc, argv, std::vector<TableRow>(std::begin(Rows), std::end(Rows)),
        u"Of the clock on the wall; of the processor: writes, snapshots of 1 MiB, and what grows with length or number.\n"
        "A notification takes half of the way there and back. Memory is the sum of PSS of the owner and all readers, less what "
        "they had before."_s);
}
