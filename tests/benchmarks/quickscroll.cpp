// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A plot of 16 streams of 100 kHz, 10 s of each, that scrolls at 60 frames in a second.

#include "quickowner.h"
#include "quickview.h"

#include <SharedSegment/SharedPlot>

#include <benchmark/benchmark.h>

#include <QtCore/QElapsedTimer>
#include <QtQuick/QQuickWindow>

#include <chrono>
#include <cmath>
#include <memory>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr int SeriesCount = 16;
constexpr qint64 Rate = 100'000;
constexpr double Span = 10;
constexpr auto Frame = std::chrono::microseconds(16'667);

/// Measures what the scene graph calls before a frame.
class ScrollingPlot : public SharedPlot
{
public:
    double polished = 0; ///< seconds of the last updatePolish()

protected:
    void updatePolish() override
    {
        const double begin = threadTime();
        SharedPlot::updatePolish();
        polished += threadTime() - begin;
    }
};

/// Streams of this process: what is measured is the reader.
class Streams
{
public:
    Streams()
    {
        for (int i = 0; i < SeriesCount; ++i) {
            auto stream = std::make_unique<SharedSegment>(
                u"plot-benchmark-%1-%2"_s.arg(QCoreApplication::applicationPid()).arg(i));
            stream->setKind(SharedSegment::Kind::Stream);
            stream->setMetadata({{u"sampleRate"_s, Rate}});
            m_isReady = stream->create(SharedLayout::of<float>(), qint64(Span * Rate)) && m_isReady;
            m_streams.push_back(std::move(stream));
        }
    }

    bool isReady() const { return m_isReady; }
    SharedSegment *at(int i) const { return m_streams[static_cast<std::size_t>(i)].get(); }

    void append(qint64 count)
    {
        std::vector<float> samples(static_cast<std::size_t>(count));
        for (int i = 0; i < SeriesCount; ++i) {
            for (qint64 j = 0; j < count; ++j) {
                const auto time = static_cast<float>(m_count + j) / static_cast<float>(Rate);
                samples[static_cast<std::size_t>(j)] = static_cast<float>(i)
                                                     + 0.4f * std::sin(time * static_cast<float>(i + 1));
            }
            const QByteArrayView bytes(reinterpret_cast<const char *>(samples.data()),
                                       count * qsizetype(sizeof(float)));
            m_isReady = at(i)->append(bytes) && m_isReady;
        }
        m_count += count;
    }

private:
    std::vector<std::unique_ptr<SharedSegment>> m_streams;
    qint64 m_count = 0;
    bool m_isReady = true;
};

/// A second's share of frames: polish and synchronisation, or with `isWhole` the whole frame with the painting of the software renderer.
void scroll(benchmark::State &state, bool isWhole)
{
    Streams streams;
    QuickView view("import QtQuick\nItem { width: 1000; height: 600 }\n");
    if (!view.isValid() || !streams.isReady()) {
        state.SkipWithError("cannot show streams");
        return;
    }
    ScrollingPlot plot;
    plot.setParentItem(view.root());
    plot.setSize({1000, 600});
    std::vector<std::unique_ptr<SharedSeries>> series;
    for (int i = 0; i < SeriesCount; ++i) {
        series.push_back(std::make_unique<SharedSeries>(&plot));
        series.back()->setTimeSpan(Span);
        series.back()->setColor(QColor::fromHsv(i * 22, 200, 200));
        series.back()->setSegment(streams.at(i));
    }
    view.show();
    QQuickWindow *const window = plot.window();
    double begin = 0;
    double synchronized = 0;
    QObject::connect(
        window, &QQuickWindow::beforeSynchronizing, window, [&] { begin = threadTime(); }, Qt::DirectConnection);
    QObject::connect(
        window, &QQuickWindow::afterSynchronizing, window, [&] { synchronized += threadTime() - begin; },
        Qt::DirectConnection);
    streams.append(qint64(Span * Rate) - 1);
    QuickView::run(300);
    for (auto iteration : state) {
        const auto end = std::chrono::steady_clock::now() + Frame;
        streams.append(Rate / 60);
        plot.polished = 0;
        synchronized = 0;
        const double start = threadTime();
        plot.polish();
        view.change();
        const bool isShown = view.waitForFrame();
        state.SetIterationTime(isWhole ? threadTime() - start : plot.polished + synchronized);
        if (!isShown || !streams.isReady()) {
            state.SkipWithError("there was no frame");
            return;
        }
        std::this_thread::sleep_until(end);
    }
}

} // namespace

void addScrollBenchmarks()
{
    benchmark::RegisterBenchmark("scroll/polish and sync", scroll, false)->UseManualTime();
    benchmark::RegisterBenchmark("scroll/frame", scroll, true)->UseManualTime();
}
