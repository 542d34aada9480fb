// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What Python offers: a process of its own that measures itself, in turn with the others.

#include "owner.h"
#include "peers.h"
#include "secondprocess.h"

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>

#include <memory>

using namespace Qt::StringLiterals;

namespace {

constexpr int Count = 50;

SecondProcess *python()
{
    static SecondProcess process;
    static const bool isUp = process.startProgram(QStringLiteral(PYTHON), {QStringLiteral(PYTHON_PEER)}) == "ready";
    return isUp ? &process : nullptr;
}

void measure(benchmark::State &state, const QByteArray &command)
{
    SecondProcess *const process = python();
    if (!process) {
        state.SkipWithError("Python does not come up");
        return;
    }
    for (auto iteration : state) {
        process->write(command + ' ' + QByteArray::number(Count) + '\n');
        bool isNumber = false;
        state.SetIterationTime(process->readLine().value_or(QByteArray()).toDouble(&isNumber) / 1e9);
        if (!isNumber)
            state.SkipWithError("Python failed");
    }
}

void create(benchmark::State &state)
{
    static int counter = 0;
    measure(state, "create benchmark." + QByteArray::number(QCoreApplication::applicationPid()) + ".python."
                       + QByteArray::number(++counter) + ' ' + QByteArray::number(qint64(state.range(0))));
}

/// It opens any object of shm_open.
void open(benchmark::State &state)
{
    measure(state, "open " + Owner::nameOf(ShmOpenPeer::Name, static_cast<std::size_t>(state.range(0))).toLatin1());
}

} // namespace

void addPythonBenchmarks()
{
    benchmark::RegisterBenchmark("create/Python", create)->Arg(4096)->UseManualTime()->Iterations(1);
    benchmark::RegisterBenchmark("open/Python", open)->Arg(4096)->UseManualTime()->Iterations(1);
}
