// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testsupport.h"

#include <SharedSegment/SharedPlot>

#include <QtCore/QObject>
#include <QtGui/QGuiApplication>
#include <QtGui/QImage>
#include <QtGui/QWheelEvent>
#include <QtQuick/QQuickView>
#include <QtTest/QTest>

#include <memory>

/// What the tests of a plot's axes have in common: a window with a plot, black on white.
namespace axestest {

constexpr int Width = 400;
constexpr int Height = 300;
constexpr int Patience = 10000; // ms

class AxesTest : public QObject
{
protected:
    /// Shows a plot without axes, whose x are the pixels of the window.
    void showPlot()
    {
        m_window = std::make_unique<QQuickView>();
        m_window->resize(Width, Height);
        m_window->setColor(Qt::white);
        m_plot = new SharedPlot(m_window->contentItem());
        m_plot->setSize(QSizeF(Width, Height));
        m_plot->setTextColor(Qt::black);
        m_plot->setAxesVisible(false); // The data take the whole item.
        m_plot->setXMinimum(0);
        m_plot->setXMaximum(Width);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        m_window->grabWindow();
    }

    /// Moves the pointer with its button down, as a hand does.
    void drag(QPoint from, QPoint to)
    {
        QTest::mouseMove(m_window.get(), from);
        QTest::mousePress(m_window.get(), Qt::LeftButton, {}, from);
        constexpr int Steps = 8;
        for (int i = 1; i <= Steps; ++i)
            QTest::mouseMove(m_window.get(), from + (to - from) * i / Steps, 5);
        QTest::mouseRelease(m_window.get(), Qt::LeftButton, {}, to, 5);
    }

    void wheel(QPoint place, QPoint angle, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWheelEvent event(place, m_window->mapToGlobal(place), {}, angle, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                          false);
        QGuiApplication::sendEvent(m_window.get(), &event);
    }

    int drawnPixels(QRect rect = {})
    {
        const QImage image = m_window->grabWindow();
        int drawn = 0;
        if (rect.isNull())
            rect = image.rect();
        for (int y = rect.top(); y <= rect.bottom(); ++y) {
            for (int x = rect.left(); x <= rect.right(); ++x)
                drawn += image.pixelColor(x, y) != Qt::white;
        }
        return drawn;
    }

    testsupport::RegistryFolder m_folder;
    std::unique_ptr<QQuickView> m_window;
    SharedPlot *m_plot = nullptr;
};

} // namespace axestest
