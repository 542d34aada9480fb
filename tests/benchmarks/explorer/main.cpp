// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What the explorer costs that shows 50 names, each of which is published 1000 times a second: the processor's time of its
// process in a second, and what the publishing program takes longer.
//
//   sharedsegment_explorer_benchmarks [--table=FILE.json] [options of Google Benchmark]
//
// BENCHMARK_EXPLORER_SECONDS in the environment: how long each of them is measured, in place of 5 seconds.

#include "barelist.h"
#include "publisher.h"

#include "../program.h"

#include <benchmark/benchmark.h>

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QThread>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <ctime>
#include <functional>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr double Percent = 1e7; // ns of each second

constexpr TableRow Rows[] = {
    {"50 names at 1 kHz, a second", "explorer/names/", "explorer/bare list/", 3 * Percent, true},
    {"50 values at 1 kHz as well, a second", "explorer/values/", "explorer/bare list with values/", 3 * Percent, true},
    {"publish while it shows names", "publish beside names/:shown", "publish beside names/:stopped"},
    {"  turn by turn", "publish beside names/:ratio", nullptr, 1.02, false, Unit::Ratio},
    {"  beside the bare list", "publish beside bare list/:ratio", nullptr, TableRow::NoGoal, false, Unit::Ratio},
    {"publish while it shows values as well", "publish beside values/:shown", "publish beside values/:stopped"},
    {"  turn by turn", "publish beside values/:ratio", nullptr, 1.02, false, Unit::Ratio},
    {"  beside the bare list", "publish beside bare list with values/:ratio", nullptr, TableRow::NoGoal, false,
     Unit::Ratio},
};

/// The processor's time of a process with all its threads, in seconds. Negative if there is no such process.
double processTime(qint64 pid)
{
    clockid_t clock;
    timespec time;
    if (::clock_getcpuclockid(static_cast<pid_t>(pid), &clock) != 0 || ::clock_gettime(clock, &time) != 0)
        return -1;
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// How many segments of the benchmark a process has mapped.
int mappedCount(qint64 pid)
{
    QFile maps(u"/proc/%1/maps"_s.arg(pid));
    if (!maps.open(QIODevice::ReadOnly))
        return 0;
    return static_cast<int>(maps.readAll().count("/memfd:"));
}

/// A program with a window; ends with this.
class Viewer
{
public:
    static constexpr unsigned long StartMilliseconds = 3000;

    Viewer(const QString &program, const QStringList &arguments)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(program, arguments);
        QThread::msleep(StartMilliseconds);
    }
    ~Viewer()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(Viewer)

    qint64 pid() const { return m_process.processId(); }

private:
    QProcess m_process;
};

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

unsigned long seconds()
{
    const int wanted = qEnvironmentVariableIntValue("BENCHMARK_EXPLORER_SECONDS");
    return wanted > 0 ? static_cast<unsigned long>(wanted) : 5;
}

constexpr int Repetitions = 5;

/// What a viewer takes of the processor in a second.
void view(benchmark::State &state, const QString &program, const QStringList &arguments, int segmentCount)
{
    const Viewer viewer(program, arguments);
    for (auto iteration : state) {
        const double begin = processTime(viewer.pid());
        QThread::sleep(seconds());
        const double end = processTime(viewer.pid());
        if (begin < 0 || end < begin || mappedCount(viewer.pid()) < segmentCount) {
            state.SkipWithError("the program does not show the names");
            return;
        }
        state.SetIterationTime((end - begin) / static_cast<double>(seconds()));
    }
}

/// What a publication takes while a viewer shows it, and while that is stopped, in turn. The turns are short, so that both
/// have the same part in what else goes on.
void publish(benchmark::State &state, Publisher *publisher, const QString &program, const QStringList &arguments,
             int segmentCount)
{
    constexpr unsigned long TurnMilliseconds = 250;
    constexpr unsigned long TurnsPerSecond = 8; // four of each kind
    const Viewer viewer(program, arguments);
    for (auto iteration : state) {
        std::vector<double> shown;
        std::vector<double> stopped;
        for (unsigned long i = 0; i < TurnsPerSecond * seconds(); ++i) {
            const bool isStopped = i % 2 != 0;
            ::kill(static_cast<pid_t>(viewer.pid()), isStopped ? SIGSTOP : SIGCONT);
            publisher->meanTime();
            QThread::msleep(TurnMilliseconds);
            (isStopped ? stopped : shown).push_back(publisher->meanTime().value_or(0));
        }
        if (std::min(*std::min_element(shown.begin(), shown.end()), *std::min_element(stopped.begin(), stopped.end()))
                <= 0
            || mappedCount(viewer.pid()) < segmentCount) {
            state.SkipWithError("the names are not published or not shown");
            return;
        }
        std::vector<double> ratios(shown.size());
        std::transform(shown.begin(), shown.end(), stopped.begin(), ratios.begin(), std::divides());
        state.counters["ratio"] = median(std::move(ratios));
        state.counters["shown"] = median(std::move(shown));
        state.counters["stopped"] = median(std::move(stopped));
        state.SetIterationTime(1); // All measured times are in the counters.
    }
}

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
    if (argc > 1 && std::strcmp(argv[1], "--list") == 0)
        return runBareList(argc, argv);
    const QCoreApplication application(argc, argv);
    if (argc == 3 && std::strcmp(argv[1], "--publisher") == 0)
        return Publisher::run(QString::fromLocal8Bit(argv[2]));
    Publisher publisher;
    if (!publisher.start())
        return 1;
    const QString explorer = QStringLiteral(EXPLORER);
    const QString prefix = publisher.prefix();
    // The window is as high as all rows.
    const QStringList arguments{u"-qwindowgeometry"_s, u"1280x1600+0+0"_s, u"--filter"_s, prefix};
    const QStringList withValues = arguments + QStringList{prefix + u"00"_s};
    const auto add = [](const char *name, auto function, auto... some) {
        benchmark::RegisterBenchmark(name, function, some...)->UseManualTime()->Iterations(1)->Repetitions(Repetitions);
    };
    const QString self = QCoreApplication::applicationFilePath();
    add("explorer/names", view, explorer, arguments, Publisher::NameCount);
    add("explorer/values", view, explorer, withValues, Publisher::NameCount);
    add("explorer/bare list", view, self, QStringList{u"--list"_s}, 0);
    add("explorer/bare list with values", view, self, QStringList{u"--list"_s, u"values"_s}, 0);
    add("publish beside names", publish, &publisher, explorer, arguments, Publisher::NameCount);
    add("publish beside values", publish, &publisher, explorer, withValues, Publisher::NameCount);
    // These read nothing of what is published.
    add("publish beside bare list", publish, &publisher, self, QStringList{u"--list"_s}, 0);
    add("publish beside bare list with values", publish, &publisher, self, QStringList{u"--list"_s, u"values"_s}, 0);
    return runBenchmarks(argc, argv, std::vector<TableRow>(std::begin(Rows), std::end(Rows)),
                         u"Of the processor, in a second; the window is offscreen and drawn in software. "
                         "For the explorer, measured is ours less the peer's."_s);
}
