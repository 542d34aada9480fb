// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Compares SharedSegment with its alternatives, and prints one table.
//
//   sharedsegment_benchmarks [--table=FILE.json] [options of Google Benchmark]

#include "owner.h"
#include "program.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QStorageInfo>

#include <iterator>
#include <vector>

using namespace Qt::StringLiterals;

void addLifetimeBenchmarks();
void addAccessBenchmarks();
void addLimitBenchmarks();
void addPythonBenchmarks();

namespace {

constexpr TableRow Rows[] = {
    {"create, 4 KiB", "create/SharedSegment/4096", "create/QSharedMemory/4096", 0.45},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/QSharedMemory/4096", 0.7},
    {"read 1 MiB into a buffer", "read/SharedSegment/1048576", "read/memcpy/1048576", 1.1},
    {"snapshot of 1 MiB, QByteArray", "snapshot/QByteArray/1048576", "snapshot/memcpy/1048576", 1.1},
    {"snapshot of 1 MiB, QList", "snapshot/QList/1048576", "snapshot/memcpy/1048576", 1.1},
    {"publish 64 B, no listeners", "publish/SharedSegment/64", nullptr, 50},
    {},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/QSharedMemory-tmpfs/4096"},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/shm_open/4096", 2.2},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/memfd/4096"},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/Boost.Interprocess/4096"},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/Boost managed/4096"},
    {"create, 4 KiB", "create/SharedSegment/4096", "create/Python/4096"},
    {"create, 4 KiB, posix", "create/SharedSegment-posix/4096", "create/QSharedMemory/4096"},
    {"create and close, 4 KiB", "create and close/SharedSegment/4096", "create and close/QSharedMemory/4096"},
    {"create, 64 MiB", "create/SharedSegment/67108864", "create/QSharedMemory/67108864", 0.45},
    {"create, 64 MiB", "create/SharedSegment/67108864", "create/shm_open/67108864", 2.2},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/shm_open/4096", 1.8},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/memfd/4096", 1.8},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/Boost.Interprocess/4096"},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/Boost managed/4096"},
    {"open, 4 KiB", "open/SharedSegment/4096", "open/Python/4096"},
    {"open, 4 KiB, posix", "open/SharedSegment-posix/4096", "open/QSharedMemory/4096"},
    {"open, 64 MiB", "open/SharedSegment/67108864", "open/QSharedMemory/67108864", 0.7},
    {"open, 64 MiB", "open/SharedSegment/67108864", "open/memfd/67108864", 1.8},
    {"read 8 B", "read/SharedSegment/8", "read/memcpy/8", 3},
    {"read 8 B", "read/SharedSegment/8", "read/QSharedMemory/8"},
    {"read 4 KiB", "read/SharedSegment/4096", "read/memcpy/4096", 1.5},
    {"read 64 MiB", "read/SharedSegment/67108864", "read/memcpy/67108864", 1},
    {"publish 8 B, no listeners", "publish/SharedSegment/8", nullptr, 50},
    {"  of it, reading the clock once", "clock/", nullptr},
    {"publish 64 B, no listeners", "publish/SharedSegment/64", "publish/QSharedMemory/64"},
    {"publish 1 MiB, no listeners", "publish/SharedSegment/1048576", "publish/memcpy/1048576"},
    {"change one of 64 B and publish", "write/SharedSegment/64", nullptr},
    {"limits of 1 000 000 f64", "limits/SharedLimits/", "limits/loop/"},
    {"limits of 1 000 000 f64", "limits/SharedLimits/", "limits/copy and loop/"},
    {"  10 000 alarms among them", "alarms/SharedLimits/", "alarms/loop/"},
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 3 && arguments.at(1) == "--owner"_L1)
        return Owner::run(arguments.at(2));

    Owner owner;
    if (!owner.start())
        return 1;
    addLifetimeBenchmarks();
    addAccessBenchmarks();
    addLimitBenchmarks();
    addPythonBenchmarks();
    return runBenchmarks(argc, argv, std::vector<TableRow>(std::begin(Rows), std::end(Rows)),
                         u"QSharedMemory makes two files for each segment in %1, here on %2."_s.arg(
                             QDir::tempPath(), QString::fromLatin1(QStorageInfo(QDir::tempPath()).fileSystemType())));
}
