// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../samples.h"
#include "../waiting.h"
#include "plotpeer.h"
#include "streamfeed.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QEvent>
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>

#include <chrono>
#include <thread>
#include <utility>

/// A plot that is a widget, and is given its points and drawn 60 times in a second, or at the rate that it reaches.
class WidgetPlotPeer : public QObject, public PlotPeer
{
public:
    explicit WidgetPlotPeer(const scene::Source &source)
        : m_feed(source)
    {
    }

    bool start() override
    {
        if (!m_feed.open(scene::Shown))
            return false;
        widget()->resize(scene::Size);
        painted()->installEventFilter(this);
        step();
        widget()->show();
        const bool isShown = waitFor([this] { return m_isPainted; });
        nextFrame();
        return isShown;
    }

    std::optional<Cost> nextFrame() override
    {
        std::this_thread::sleep_until(m_next);
        m_next = std::max(m_next + std::chrono::microseconds(static_cast<int>(scene::Frame * 1000)),
                          std::chrono::steady_clock::now());
        m_isPainted = false;
        Cost cost;
        cost.newSamples = cost.samplesRead = step();
        if (!waitFor([this] { return m_isPainted; }))
            return std::nullopt;
        const qint64 now = threadTime();
        cost.frame = cost.beforePainting = now - std::exchange(m_last, now);
        return cost;
    }

protected:
    virtual QWidget *widget() = 0;
    /// Returns the widget that is painted.
    virtual QWidget *painted() { return widget(); }
    /// Gives the plot what is new and lets it be painted. @returns the number of new samples.
    virtual qint64 step() = 0;

    bool eventFilter(QObject *object, QEvent *event) override
    {
        m_isPainted = m_isPainted || (object == painted() && event->type() == QEvent::Paint);
        return false;
    }

    StreamFeed m_feed;

private:
    bool m_isPainted = false;
    qint64 m_last = 0;
    std::chrono::steady_clock::time_point m_next = std::chrono::steady_clock::now();
};
