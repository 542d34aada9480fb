// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Compares what goes on between processes with what one would take instead, and prints one table.
//
//   sharedsegment_process_benchmarks [--table=FILE.json] [options of Google Benchmark]

#include "../program.h"
#include "messagebus.h"
#include "newsplayer.h"
#include "station.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QThread>

#include <cstring>
#include <iterator>

using namespace Qt::StringLiterals;

void addNewsBenchmarks();

namespace {

constexpr TableRow Rows[] = {
    {"news, one processor", "news, one processor/SharedSegment/", "news, one processor/futex/", 1.9},
    {"news, one processor", "news, one processor/SharedSegment/", "news, one processor/QLocalSocket/", 0.6},
    {"news, two processors", "news, two processors/SharedSegment/", "news, two processors/futex/", 1.2},
    {"news, two processors", "news, two processors/SharedSegment/", "news, two processors/QLocalSocket/", 0.6},
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc == 3 && std::strcmp(argv[1], "--station") == 0)
        return Station::run(newsCommands());
    if (QThread::idealThreadCount() < 2) {
        std::fputs("This takes two processors.\n", stderr);
        return 1;
    }
    MessageBus bus;
    if (!bus.start())
        std::fputs("No dbus-daemon: QtDBus will fail.\n", stderr);
    addNewsBenchmarks();
    return runBenchmarks(argc, argv, std::vector<TableRow>(std::begin(Rows), std::end(Rows)),
                         u"Of the clock on the wall."_s);
}
