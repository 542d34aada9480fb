// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testsupport.h"

#include <SharedSegment/SharedPlot>
#include <SharedSegment/SharedSeries>

#include <QtCore/QObject>
#include <QtGui/QImage>
#include <QtQuick/QQuickView>
#include <QtTest/QTest>

#include <memory>

/// What the tests of SharedPlot have in common: a window with a plot of one series, black on white.
namespace plottest {

constexpr int Width = 200;
constexpr int Height = 100;

inline bool isDrawn(QRgb pixel)
{
    return qRed(pixel) < 128; // black on white
}

inline int drawnIn(const QImage &image, QRect rect)
{
    int drawn = 0;
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
        for (int x = rect.left(); x <= rect.right(); ++x)
            drawn += isDrawn(image.pixel(x, y));
    }
    return drawn;
}

inline int drawnIn(const QImage &image)
{
    return drawnIn(image, image.rect());
}

/// Counts what is drawn, and that in the pale colours of a stale segment, too.
inline int drawnOrPaleIn(const QImage &image)
{
    int drawn = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            drawn += qRed(image.pixel(x, y)) < 250;
    }
    return drawn;
}

class PlotTest : public QObject
{
protected:
    void showPlot()
    {
        m_window = std::make_unique<QQuickView>();
        m_window->resize(Width, Height);
        m_window->setColor(Qt::white);
        m_plot = new SharedPlot(m_window->contentItem());
        m_plot->setSize(QSizeF(Width, Height));
        // The data alone, over the whole plot.
        m_plot->setAxesVisible(false);
        m_plot->setGridVisible(false);
        m_plot->setCursorEnabled(false);
        m_series = new SharedSeries(m_plot);
        m_series->setColor(Qt::black);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    void removePlot() { m_window.reset(); }

    QImage grab() { return m_window->grabWindow(); }

    testsupport::RegistryFolder m_folder;
    std::unique_ptr<QQuickView> m_window;
    SharedPlot *m_plot = nullptr;
    SharedSeries *m_series = nullptr;
};

} // namespace plottest
