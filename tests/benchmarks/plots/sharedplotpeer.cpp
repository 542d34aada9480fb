// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../samples.h"
#include "../waiting.h"
#include "plotpeer.h"

#include <SharedSegment/SharedPlot>
#include <SharedSegment/SharedSegment>

#include <QtQuick/QQuickWindow>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace {

/// @tparam Seconds how many are shown
template<int Seconds, bool AutoScale>
class SharedPlotPeer : public PlotPeer
{
public:
    explicit SharedPlotPeer(const scene::Source &source)
        : m_source(source)
    {
        m_window.resize(scene::Size);
        m_window.setColor(Qt::white);
        m_plot = new SharedPlot(m_window.contentItem());
        m_plot->setSize(scene::Size);
        m_plot->setAutoScale(AutoScale);
        m_plot->setMinimum(scene::Lowest);
        m_plot->setMaximum(scene::Highest);
        for (int i = 0; i < scene::SeriesCount; ++i) {
            m_segments.push_back(std::make_unique<SharedSegment>(source.nameOf(i)));
            m_series.push_back(new SharedSeries(m_plot));
            m_series.back()->setTimeSpan(Seconds);
            m_series.back()->setColor(scene::colorOf(i));
            m_series.back()->setSegment(m_segments.back().get());
        }
        const auto here = std::this_thread::get_id();
        // Of the thread of the scene graph, for which the GUI thread waits.
        QObject::connect(
            &m_window, &QQuickWindow::beforeSynchronizing, &m_window, [this] { m_beforeSync = threadTime(); },
            Qt::DirectConnection);
        QObject::connect(
            &m_window, &QQuickWindow::afterSynchronizing, &m_window,
            [this, here] {
                m_afterSync = threadTime();
                if (std::this_thread::get_id() != here)
                    m_sync += m_afterSync - m_beforeSync;
            },
            Qt::DirectConnection);
        QObject::connect(
            &m_window, &QQuickWindow::frameSwapped, &m_window,
            [this, here] {
                if (std::this_thread::get_id() == here)
                    m_painting += threadTime() - m_afterSync;
            },
            Qt::DirectConnection);
        QObject::connect(&m_window, &QQuickWindow::frameSwapped, &m_window, [this] { ++m_frames; });
    }

    ~SharedPlotPeer() override
    {
        delete m_plot;
        m_window.hide();
    }

    bool start() override
    {
        for (const auto &segment : m_segments) {
            if (!segment->open())
                return false;
        }
        m_window.show();
        const bool isShown = waitFor([this] { return m_series.back()->revision() > 0 && m_frames > 3; });
        m_last = read();
        return isShown;
    }

    std::optional<Cost> nextFrame() override
    {
        const int frames = m_frames;
        if (!waitFor([&] { return m_frames > frames; }))
            return std::nullopt;
        const State now = read();
        const State before = std::exchange(m_last, now);
        Cost cost;
        cost.frame = now.thread - before.thread + now.sync - before.sync;
        cost.beforePainting = cost.frame - (now.painting - before.painting);
        cost.newSamples = now.position - before.position;
        cost.samplesRead = now.samplesRead - before.samplesRead;
        return cost;
    }

    scene::Picture picture() override
    {
        scene::Picture result;
        result.image = m_window.grabWindow();
        const SharedSeries *const series = m_series.front();
        const double left = series->x();
        const double width = series->width();
        const double from = m_plot->xMinimum();
        const double to = m_plot->xMaximum();
        result.left = left;
        result.right = left + width;
        result.column = [=, source = m_source](qint64 sample) {
            return left + (source.timeOf(sample) - from) / (to - from) * width;
        };
        result.row = [=, top = series->y(), height = series->height(), least = m_plot->minimum(),
                      most = m_plot->maximum()](double value) {
            return top + (1 - (value - least) / (most - least)) * height;
        };
        result.newest = static_cast<qint64>(series->revision());
        result.tolerance *= scene::Span / Seconds;
        return result;
    }

private:
    struct State
    {
        qint64 thread;
        qint64 sync;
        qint64 painting;
        qint64 position;
        qint64 samplesRead;
    };

    State read() const
    {
        State state{threadTime(), m_sync, m_painting, 0, 0};
        for (const SharedSeries *series : m_series) {
            state.position += static_cast<qint64>(series->revision());
            state.samplesRead += static_cast<qint64>(series->readElements());
        }
        return state;
    }

    const scene::Source m_source;
    std::vector<std::unique_ptr<SharedSegment>> m_segments;
    QQuickWindow m_window;
    SharedPlot *m_plot = nullptr;
    std::vector<SharedSeries *> m_series;
    qint64 m_beforeSync = 0;
    qint64 m_afterSync = 0;
    std::atomic<qint64> m_sync = 0;
    std::atomic<qint64> m_painting = 0;
    int m_frames = 0;
    State m_last{};
};

} // namespace

QList<PlotPeer::Kind> sharedPlots()
{
    constexpr auto All = static_cast<int>(scene::Span);
    return {{"SharedPlot", makePlotPeer<SharedPlotPeer<All, false>>},
            {"SharedPlot, autoScale", makePlotPeer<SharedPlotPeer<All, true>>},
            {"SharedPlot, 1 s", makePlotPeer<SharedPlotPeer<1, false>>}};
}
