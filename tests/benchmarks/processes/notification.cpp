// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// How long an update takes from a process to one that sleeps: half of the round trip, where both ends do the same.

#include "../samples.h"
#include "notificationpeer.h"
#include "station.h"

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>

#include <memory>
#include <string>

namespace {

constexpr int Untimed = 50;
constexpr int Count = 1500 + Untimed;

struct Ends
{
    Station caller;
    Station replier;

    bool areDone(const QByteArray &callers, const QByteArray &repliers)
    {
        caller.tell(callers);
        replier.tell(repliers);
        const bool isCallerDone = caller.answer() == "done";
        return replier.answer() == "done" && isCallerDone;
    }
};

std::unique_ptr<Ends> &ends()
{
    static std::unique_ptr<Ends> both;
    if (!both) {
        both = std::make_unique<Ends>();
        if (!both->caller.start() || !both->replier.start())
            both.reset();
    }
    return both;
}

QByteArray freshName()
{
    static int counter = 0;
    return "benchmark." + QByteArray::number(QCoreApplication::applicationPid()) + ".notification."
         + QByteArray::number(++counter);
}

void roundTrips(benchmark::State &state, const char *kind, int replierProcessor)
{
    std::unique_ptr<Ends> &both = ends();
    const QByteArray first = freshName() + ".a";
    const QByteArray second = first + ".b";
    const QByteArray make = "notification-create " + QByteArray(kind).toHex() + ' ';
    if (!both
        || !both->areDone(make + first + ' ' + second + " 0",
                          make + second + ' ' + first + ' ' + QByteArray::number(replierProcessor))
        || !both->areDone("notification-connect", "notification-connect")) {
        state.SkipWithError("the two ends do not find each other");
        both.reset();
        return;
    }
    for (auto iteration : state) {
        both->replier.tell("notification-reply " + QByteArray::number(Count));
        both->caller.tell("notification-call " + QByteArray::number(Count) + ' ' + QByteArray::number(Untimed));
        const QByteArray line = both->caller.answer();
        if (!line.isEmpty())
            both->replier.answer();
        if (!reportSamples(state, line, 2)) {
            // An end that still waits for the other would not handle its next command.
            both.reset();
            return;
        }
    }
    both->areDone("notification-close", "notification-close");
}

void add(const std::string &group, const QList<NotificationPeer::Kind> &kinds, int replierProcessor)
{
    for (const NotificationPeer::Kind &kind : kinds)
        benchmark::RegisterBenchmark((group + '/' + kind.name).c_str(), roundTrips, kind.name, replierProcessor)
            ->UseManualTime()
            ->Iterations(1);
}

} // namespace

void addNotificationBenchmarks()
{
    const QList<NotificationPeer::Kind> sleeping = NotificationPeer::inEventLoop() + NotificationPeer::blocking();
    add("notification, one processor", sleeping, 0);
    add("notification, two processors", sleeping, 1);
    add("notification by polling, two processors", NotificationPeer::polling(), 1);
}
