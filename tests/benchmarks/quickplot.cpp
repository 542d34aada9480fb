// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A plot of ten million samples.

#include "quickowner.h"
#include "quickview.h"

#include <SharedSegment/SharedPlot>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <type_traits>

using namespace Qt::StringLiterals;

namespace {

/// What the scene graph calls before a frame, at hand.
class Plot : public SharedPlot
{
public:
    explicit Plot(SharedSegment *segment)
        : m_series(this)
    {
        setSize({1000, 300});
        m_series.setSegment(segment);
    }
    void prepare() { updatePolish(); }
    const SharedSeries &shown() const { return m_series; }

private:
    SharedSeries m_series;
};

template<typename T>
constexpr const char *segmentOf()
{
    return std::is_same_v<T, double> ? QuickOwner::Plot64 : QuickOwner::Plot32;
}

template<typename T>
void prepare(benchmark::State &state, QuickOwner *owner)
{
    SharedSegment segment(QuickOwner::nameOf(segmentOf<T>()));
    Plot plot(&segment);
    if (!segment.open()) {
        state.SkipWithError("cannot open");
        return;
    }
    auto publish = [&] {
        const std::optional<quint64> revision = owner->publish(segmentOf<T>());
        // Two frames: an update that comes right after others waits for the next.
        QuickView::run(40);
        return revision;
    };
    // The first read of a buffer's memory also maps it.
    for (int i = 0; i < segment.bufferCount(); ++i) {
        publish();
        plot.prepare();
    }
    for (auto iteration : state) {
        const quint64 before = plot.shown().readCount();
        const std::optional<quint64> revision = publish();
        const double begin = threadTime();
        plot.prepare();
        state.SetIterationTime(threadTime() - begin);
        if (plot.shown().readCount() != before + 1 || plot.shown().revision() != revision) {
            state.SkipWithError("the new samples are not plotted");
            return;
        }
    }
}

template<typename T>
void minmax(benchmark::State &state)
{
    static const std::vector<T> samples = wave<T>();
    for (auto iteration : state) {
        const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
        benchmark::DoNotOptimize(*least + *most);
    }
}

/// A whole frame, in which the plot is drawn again as it is.
void repaint(benchmark::State &state, QuickOwner *owner)
{
    QuickView view("import QtQuick\n"
                   "import SharedSegment\n"
                   "SharedPlot { width: 1000; height: 300; SharedSeries {\n"
                   "    segment: SharedSegment { name: \""
                   + QuickOwner::nameOf(QuickOwner::Plot64).toUtf8() + "\"; active: true } } }\n");
    auto *plot = qobject_cast<SharedPlot *>(view.root());
    const std::optional<quint64> revision = owner->publish(QuickOwner::Plot64);
    if (!plot || !revision) {
        state.SkipWithError("cannot show the segment");
        return;
    }
    view.show();
    QuickView::run(100);
    const SharedSeries *const series = plot->series().constFirst();
    const quint64 before = series->readCount();
    if (before == 0 || series->revision() != *revision) {
        state.SkipWithError("the samples are not plotted");
        return;
    }
    for (auto iteration : state) {
        const double begin = threadTime();
        plot->polish();
        plot->update();
        view.change();
        const bool isShown = view.waitForFrame();
        state.SetIterationTime(threadTime() - begin);
        if (!isShown || series->readCount() != before) {
            state.SkipWithError("there was no frame, or the samples were read again");
            return;
        }
    }
}

} // namespace

void addPlotBenchmarks(QuickOwner *owner)
{
    benchmark::RegisterBenchmark("plot/SharedPlot", prepare<double>, owner)->Arg(64)->UseManualTime();
    benchmark::RegisterBenchmark("plot/std::minmax_element", minmax<double>)->Arg(64);
    benchmark::RegisterBenchmark("plot/SharedPlot", prepare<float>, owner)->Arg(32)->UseManualTime();
    benchmark::RegisterBenchmark("plot/std::minmax_element", minmax<float>)->Arg(32);
    benchmark::RegisterBenchmark("repaint/SharedPlot", repaint, owner)->UseManualTime();
}
