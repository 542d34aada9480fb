// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Compares a plot of 16 streams of 100 kHz, 10 s of each, that scrolls, with the same scene in other libraries, and prints one table.
//
//   sharedsegment_plot_benchmarks [--table=FILE.json] [options of Google Benchmark]
//
// Draws in software and without a screen, or with QSG_RHI_BACKEND in the environment by that graphics API, and without the peers.

#include "../program.h"
#include "../secondprocess.h"
#include "plotpeer.h"

#include <QtCore/QElapsedTimer>
#include <QtWidgets/QApplication>

#include <cstring>
#include <iterator>

using namespace Qt::StringLiterals;

namespace {

constexpr double Millisecond = 1e6; // ns

#define Ours "scroll/SharedPlot/"
#define Geometry "scroll by geometry/SharedPlot/"
#define Charts "scroll/Qt Charts, each 10th/"
#define FewPoints "scroll/Qt Charts, each 100th/"

constexpr TableRow Rows[] = {
    {"16 x 100 kHz, before painting", Ours ":before painting", nullptr, 2 * Millisecond},
    {"16 x 100 kHz, frame in software", Ours, nullptr},
    {"16 x 100 kHz, frame in software", Ours, "scroll/QCustomPlot/"},
    {"  theirs of 16 x 100 000 points", Ours, Charts},
    {"  theirs of 16 x 10 000 points", Ours, FewPoints},
    {"  with autoScale", "scroll/SharedPlot, autoScale/", Ours},
    {"  10 s beside 1 s, before painting", Ours ":before painting", "scroll/SharedPlot, 1 s/:before painting"},
    {"  new samples in a frame", Ours ":new samples", nullptr, TableRow::NoGoal, false, Unit::Times},
    {"  samples read for it", Ours ":samples read", nullptr, TableRow::NoGoal, false, Unit::Times},
    {"  spikes in view", Ours ":spikes", nullptr, TableRow::NoGoal, false, Unit::Times},
    {"  of them lost", Ours ":spikes lost", nullptr, 0, false, Unit::Times},
    {"  of them lost", Ours ":spikes lost", "scroll/QCustomPlot/:spikes lost", TableRow::NoGoal, true, Unit::Times},
    {"  of them lost", Ours ":spikes lost", FewPoints ":spikes lost", TableRow::NoGoal, true, Unit::Times},
    {"16 x 100 kHz, frame by geometry", Geometry, nullptr, 2 * Millisecond},
    {"  new samples in a frame", Geometry ":new samples", nullptr, TableRow::NoGoal, false, Unit::Times},
    {"  spikes lost", Geometry ":spikes lost", nullptr, 0, false, Unit::Times},
};

scene::Source source;

void scroll(benchmark::State &state, const PlotPeer::Kind &kind)
{
    const std::unique_ptr<PlotPeer> peer = kind.make(source);
    if (!peer->start()) {
        state.SkipWithError("the plot does not come up");
        return;
    }
    PlotPeer::Cost all;
    for (auto iteration : state) {
        const std::optional<PlotPeer::Cost> cost = peer->nextFrame();
        if (!cost) {
            state.SkipWithError("there was no frame");
            return;
        }
        state.SetIterationTime(static_cast<double>(cost->frame) / 1e9);
        all.beforePainting += cost->beforePainting;
        all.newSamples += cost->newSamples;
        all.samplesRead += cost->samplesRead;
    }
    const auto mean = [](qint64 sum) {
        return benchmark::Counter(static_cast<double>(sum), benchmark::Counter::kAvgIterations);
    };
    state.counters["before painting"] = mean(all.beforePainting);
    state.counters["new samples"] = mean(all.newSamples);
    state.counters["samples read"] = mean(all.samplesRead);
    const scene::Spikes spikes = scene::findSpikes(peer->picture());
    state.counters["spikes"] = spikes.expected;
    state.counters["spikes lost"] = spikes.missing;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 3 && std::strcmp(argv[1], "--owner") == 0) {
        const QCoreApplication application(argc, argv);
        return scene::publish(QString::fromLocal8Bit(argv[2]));
    }
    const bool isSoftware = qEnvironmentVariableIsEmpty("QSG_RHI_BACKEND");
    if (isSoftware) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        qputenv("QT_QUICK_BACKEND", "software");
    }
    const QApplication application(argc, argv);
    SecondProcess publisher;
    source.prefix = u"plot-benchmark.%1"_s.arg(QCoreApplication::applicationPid());
    const QList<QByteArray> words = publisher.start(source.prefix).value_or(QByteArray()).split(' ');
    if (words.size() != 2)
        return 1;
    source.present = words.at(0).toLongLong();
    source.presentSample = words.at(1).toLongLong();
    // The peers draw in software.
    const std::string group = isSoftware ? "scroll/" : "scroll by geometry/";
    for (const PlotPeer::Kind &kind :
         isSoftware ? sharedPlots() + customPlots() + chartPlots() : sharedPlots().first(1)) {
        auto *const registered = benchmark::RegisterBenchmark((group + kind.name).c_str(), scroll, kind);
        registered->UseManualTime()->MinTime(isSoftware ? 0.15 : 0.03);
        if (kind.repetitions > 0)
            registered->Repetitions(kind.repetitions);
    }
    return runBenchmarks(
        argc, argv, std::vector<TableRow>(std::begin(Rows), std::end(Rows)),
        u"The processor's time of the GUI thread from one frame to the next, on %1, 1000 x 600 pixels. Each plot reads the "
        "streams of another process.\nIn software, the GUI thread also paints. By geometry, it prepares, and another thread "
        "renders."_s.arg(QGuiApplication::platformName()));
}
