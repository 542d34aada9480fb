// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a user does with a SharedPlot: mouse, wheel, touch and keys, as real events in a window.

#include "axestest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedSeries>

#include <QtGui/QPointingDevice>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtTest/QSignalSpy>

#include <cmath>
#include <memory>

using namespace Qt::StringLiterals;
using namespace axestest;
using namespace testsupport;

class tst_PlotInput : public AxesTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { showPlot(); }
    void cleanup() { m_window.reset(); }
    void dragMoves();
    void clickMovesNothing();
    void doubleClickFollows();
    void wheelZooms();
    void wheelToTheSide();
    void wheelDisabled();
    void keys();
    void pointerShowsCursor();
    void touchMoves();
    void pinch();
    void touchHold();
    void doubleTap();
    void insideFlickable();
    void insideFlickableToTheSide();
    void disabledInsideFlickable();
    void boundsOfData();
    void reversed();
    void reversedByTouch();

private:
    void touchDrag(QPoint from, QPoint to);
    void touchTwo(int left, int right, bool isFirst = false);
    /// Puts two fingers down, and moves them to twice their distance, the middle of which stays.
    void spreadFingers();
    /// Puts the plot into a Flickable of the size of the window, and returns it.
    QQuickItem *putIntoFlickable(bool isWide);

    std::unique_ptr<QPointingDevice> m_touch;
};

void tst_PlotInput::initTestCase()
{
    m_touch.reset(QTest::createTouchDevice());
}

void tst_PlotInput::touchDrag(QPoint from, QPoint to)
{
    QTest::touchEvent(m_window.get(), m_touch.get()).press(0, from);
    constexpr int Steps = 8;
    for (int i = 1; i <= Steps; ++i) {
        QTest::qWait(5);
        QTest::touchEvent(m_window.get(), m_touch.get()).move(0, from + (to - from) * i / Steps);
    }
    QTest::touchEvent(m_window.get(), m_touch.get()).release(0, to);
}

void tst_PlotInput::touchTwo(int left, int right, bool isFirst)
{
    QTest::QTouchEventSequence sequence = QTest::touchEvent(m_window.get(), m_touch.get());
    if (isFirst)
        sequence.press(0, QPoint(left, 150)).press(1, QPoint(right, 160));
    else
        sequence.move(0, QPoint(left, 150)).move(1, QPoint(right, 160));
}

void tst_PlotInput::spreadFingers()
{
    touchTwo(150, 250, true);
    for (int step = 5; step <= 50; step += 5) {
        QTest::qWait(5);
        touchTwo(150 - step, 250 + step);
    }
}

QQuickItem *tst_PlotInput::putIntoFlickable(bool isWide)
{
    QQmlComponent component(m_window->engine());
    component.setData(isWide ? "import QtQuick\nFlickable { contentWidth: 1200; contentHeight: 300 }"
                             : "import QtQuick\nFlickable { contentWidth: 400; contentHeight: 1200 }",
                      {});
    auto *const flickable = qobject_cast<QQuickItem *>(component.create());
    if (!flickable)
        return nullptr;
    flickable->setParent(m_window.get());
    flickable->setParentItem(m_window->contentItem());
    flickable->setSize(QSizeF(Width, Height));
    m_plot->setParentItem(flickable->property("contentItem").value<QQuickItem *>());
    return flickable;
}

void tst_PlotInput::dragMoves()
{
    QSignalSpy minimum(m_plot, &SharedPlot::xMinimumChanged);
    drag({200, 150}, {120, 150});
    QCOMPARE(m_plot->xMinimum(), 80.0);
    QCOMPARE(m_plot->xMaximum(), Width + 80.0);
    QVERIFY(minimum.count() > 1);
    QVERIFY(!m_plot->isFollowing());
    m_plot->setPanEnabled(false);
    drag({200, 150}, {120, 150});
    QCOMPARE(m_plot->xMinimum(), 80.0);
}

void tst_PlotInput::clickMovesNothing()
{
    drag({200, 150}, {202, 151});
    QCOMPARE(m_plot->xMinimum(), 0.0);
    QCOMPARE(m_plot->xMaximum(), double(Width));
}

void tst_PlotInput::doubleClickFollows()
{
    drag({200, 150}, {120, 150});
    QVERIFY(!m_plot->isFollowing());
    QSignalSpy following(m_plot, &SharedPlot::followingChanged);
    QTest::mouseDClick(m_window.get(), Qt::LeftButton, {}, {200, 150});
    QVERIFY(m_plot->isFollowing());
    QCOMPARE(following.count(), 1);
    m_plot->setFollowing(false);
    QVERIFY(!m_plot->isFollowing());
    m_plot->setPanEnabled(false);
    m_plot->setZoomEnabled(false);
    QTest::mouseDClick(m_window.get(), Qt::LeftButton, {}, {200, 150});
    QVERIFY(!m_plot->isFollowing());
    m_plot->setFollowing(true);
    QVERIFY(m_plot->isFollowing());
}

void tst_PlotInput::wheelZooms()
{
    wheel({100, 150}, {0, 120});
    QCOMPARE(m_plot->xMaximum() - m_plot->xMinimum(), Width / 1.25);
    // The number below the pointer stays there.
    QCOMPARE(m_plot->xMinimum() + (m_plot->xMaximum() - m_plot->xMinimum()) / 4, 100.0);
    wheel({100, 150}, {0, -120});
    QCOMPARE(m_plot->xMinimum(), 0.0);
    // With the modifier, the other axis.
    wheel({100, 150}, {0, 120}, Qt::ControlModifier);
    QCOMPARE(m_plot->xMinimum(), 0.0);
    QCOMPARE(m_plot->xMaximum(), double(Width));
    for (int i = 0; i < 300; ++i)
        wheel({100, 150}, {0, 1200});
    QVERIFY(m_plot->xMaximum() > m_plot->xMinimum());
}

void tst_PlotInput::wheelToTheSide()
{
    wheel({100, 150}, {-120, 0});
    QCOMPARE(m_plot->xMinimum(), Width * 0.1);
    QCOMPARE(m_plot->xMaximum(), Width * 1.1);
}

void tst_PlotInput::wheelDisabled()
{
    QQuickItem *const flickable = putIntoFlickable(false);
    QVERIFY(flickable);
    wheel({100, 150}, {0, -120});
    QVERIFY(m_plot->xMaximum() > Width);
    QCOMPARE(flickable->property("contentY").toDouble(), 0.0);
    m_plot->setFollowing(true);
    m_plot->setZoomEnabled(false);
    wheel({100, 150}, {0, -120});
    QTRY_VERIFY_WITH_TIMEOUT(flickable->property("contentY").toDouble() > 0, Patience);
    QVERIFY(m_plot->isFollowing());
}

void tst_PlotInput::keys()
{
    m_plot->forceActiveFocus();
    QTest::keyClick(m_window.get(), Qt::Key_Right);
    QCOMPARE(m_plot->xMinimum(), Width * 0.1);
    QTest::keyClick(m_window.get(), Qt::Key_Left);
    QCOMPARE(m_plot->xMinimum(), 0.0);
    QTest::keyClick(m_window.get(), Qt::Key_Plus);
    QCOMPARE(m_plot->xMaximum() - m_plot->xMinimum(), Width / 1.25);
    QTest::keyClick(m_window.get(), Qt::Key_Minus);
    QCOMPARE(m_plot->xMaximum() - m_plot->xMinimum(), double(Width));
    QTest::keyClick(m_window.get(), Qt::Key_Home);
    QVERIFY(m_plot->isFollowing());
    m_plot->setPanEnabled(false);
    m_plot->setZoomEnabled(false);
    const double minimum = m_plot->xMinimum();
    for (const Qt::Key key : {Qt::Key_Right, Qt::Key_Left, Qt::Key_Up, Qt::Key_Plus, Qt::Key_Minus, Qt::Key_A})
        QTest::keyClick(m_window.get(), key);
    QVERIFY(m_plot->isFollowing());
    QCOMPARE(m_plot->xMinimum(), minimum);
}

void tst_PlotInput::pointerShowsCursor()
{
    QSignalSpy visible(m_plot, &SharedPlot::cursorVisibleChanged);
    QSignalSpy moved(m_plot, &SharedPlot::cursorXChanged);
    QTest::mouseMove(m_window.get(), {100, 150});
    QTest::mouseMove(m_window.get(), {120, 150});
    QTRY_VERIFY_WITH_TIMEOUT(m_plot->isCursorVisible(), Patience);
    QCOMPARE(m_plot->cursorX(), 120.0);
    QCOMPARE(visible.count(), 1);
    QVERIFY(moved.count() > 0);
    QVERIFY(drawnPixels({119, 0, 3, Height}) >= Height);
    // The line stays below the pointer, and is then at another number.
    m_plot->setXMaximum(2 * Width);
    QCOMPARE(m_plot->cursorX(), 240.0);
    m_plot->setCursorVisible(false);
    m_plot->setCursorEnabled(false);
    QTest::mouseMove(m_window.get(), {150, 150});
    QTest::qWait(20);
    QVERIFY(!m_plot->isCursorVisible());
}

void tst_PlotInput::touchMoves()
{
    touchDrag({200, 150}, {120, 150});
    QCOMPARE(m_plot->xMinimum(), 80.0);
    QVERIFY(!m_plot->isCursorVisible());
    // Without pan, the finger moves the cursor.
    m_plot->setPanEnabled(false);
    touchDrag({200, 150}, {120, 150});
    QCOMPARE(m_plot->xMinimum(), 80.0);
    QVERIFY(m_plot->isCursorVisible());
    QCOMPARE(m_plot->cursorX(), 200.0);
}

void tst_PlotInput::pinch()
{
    spreadFingers();
    // Twice the distance, half of the range, and the middle stays. Qt Quick delivers moves with the next frame.
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->xMaximum() - m_plot->xMinimum(), Width / 2.0, Patience);
    QCOMPARE(m_plot->xMaximum() + m_plot->xMinimum(), double(Width));
    // One finger goes on to move.
    QTest::touchEvent(m_window.get(), m_touch.get()).move(0, {100, 150}).release(1, {300, 160});
    QTest::touchEvent(m_window.get(), m_touch.get()).move(0, {100, 150});
    QTest::touchEvent(m_window.get(), m_touch.get()).move(0, {140, 150});
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->xMinimum(), 80.0, Patience);
    QTest::touchEvent(m_window.get(), m_touch.get()).release(0, {140, 150});
    m_plot->setZoomEnabled(false);
    const double span = m_plot->xMaximum() - m_plot->xMinimum();
    touchTwo(150, 250, true);
    touchTwo(100, 300);
    QCOMPARE(m_plot->xMaximum() - m_plot->xMinimum(), span);
    QTest::touchEvent(m_window.get(), m_touch.get()).release(0, {100, 150}).release(1, {300, 160});
}

void tst_PlotInput::touchHold()
{
    QTest::touchEvent(m_window.get(), m_touch.get()).press(0, {100, 150});
    QTRY_VERIFY_WITH_TIMEOUT(m_plot->isCursorVisible(), Patience);
    QCOMPARE(m_plot->cursorX(), 100.0);
    QTest::touchEvent(m_window.get(), m_touch.get()).move(0, {180, 150});
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->cursorX(), 180.0, Patience);
    QCOMPARE(m_plot->xMinimum(), 0.0);
    // Lifted, the finger no longer covers what it points at.
    QTest::touchEvent(m_window.get(), m_touch.get()).release(0, {180, 150});
    QVERIFY(m_plot->isCursorVisible());
    QTest::touchEvent(m_window.get(), m_touch.get()).press(0, {250, 150});
    QTest::touchEvent(m_window.get(), m_touch.get()).release(0, {250, 150});
    QVERIFY(!m_plot->isCursorVisible());
}

void tst_PlotInput::doubleTap()
{
    QVERIFY(!m_plot->isFollowing());
    for (int i = 0; i < 2; ++i) {
        QTest::touchEvent(m_window.get(), m_touch.get()).press(0, {250, 150});
        QTest::touchEvent(m_window.get(), m_touch.get()).release(0, {250, 150});
    }
    QVERIFY(m_plot->isFollowing());
}

/// Up and down belongs to the Flickable, to the side to the plot.
void tst_PlotInput::insideFlickable()
{
    QQuickItem *const flickable = putIntoFlickable(false);
    QVERIFY(flickable);
    m_plot->setFollowing(true);
    m_plot->setXMinimum(-1);
    const double minimum = m_plot->xMinimum();
    drag({200, 200}, {205, 80});
    QVERIFY(flickable->property("contentY").toDouble() > 50);
    QCOMPARE(m_plot->xMinimum(), minimum);
    QTRY_VERIFY_WITH_TIMEOUT(!flickable->property("moving").toBool(), Patience);
    flickable->setProperty("contentY", 0);
    drag({200, 150}, {120, 155});
    QCOMPARE(flickable->property("contentY").toDouble(), 0.0);
    QVERIFY(m_plot->xMinimum() > minimum);
}

void tst_PlotInput::insideFlickableToTheSide()
{
    QQuickItem *const flickable = putIntoFlickable(true);
    QVERIFY(flickable);
    drag({200, 150}, {120, 150});
    QCOMPARE(flickable->property("contentX").toDouble(), 0.0);
    QCOMPARE(m_plot->xMinimum(), 80.0);
    touchDrag({200, 150}, {120, 150});
    QCOMPARE(flickable->property("contentX").toDouble(), 0.0);
    QCOMPARE(m_plot->xMinimum(), 160.0);
}

void tst_PlotInput::disabledInsideFlickable()
{
    QQuickItem *const flickable = putIntoFlickable(true);
    QVERIFY(flickable);
    m_plot->setPanEnabled(false);
    m_plot->setZoomEnabled(false);
    m_plot->setCursorEnabled(false);
    drag({200, 150}, {80, 150});
    QVERIFY(flickable->property("contentX").toDouble() > 50);
    QCOMPARE(m_plot->xMinimum(), 0.0);
}

/// The user neither leaves the data nor loses them by zooming.
void tst_PlotInput::boundsOfData()
{
    SharedArray<double> numbers(uniqueName());
    QVERIFY(numbers.create(101));
    QList<double> values(101);
    for (int i = 0; i < values.size(); ++i)
        values[i] = i;
    QVERIFY(numbers.publish(values));
    auto *const series = new SharedSeries;
    series->setSegment(numbers.segment());
    series->setParent(m_plot);
    series->setParentItem(m_plot);
    m_plot->setFollowing(true);
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->xMaximum(), 100.0, Patience);
    for (int i = 0; i < 10; ++i)
        drag({350, 150}, {20, 150});
    QCOMPARE(m_plot->xMinimum(), 75.0);
    for (int i = 0; i < 40; ++i)
        wheel({200, 150}, {0, -120});
    QCOMPARE(m_plot->xMaximum() - m_plot->xMinimum(), 400.0);
    for (int i = 0; i < 100; ++i)
        wheel({200, 150}, {0, 120});
    QCOMPARE(m_plot->xMaximum() - m_plot->xMinimum(), 2.0);
    m_window->grabWindow();
    QTest::mouseDClick(m_window.get(), Qt::LeftButton, {}, {200, 150});
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->xMaximum(), 100.0, Patience);
    QCOMPARE(m_plot->xMinimum(), 0.0);
}

/// Where x runs from right to left, what is below the pointer stays there, too.
void tst_PlotInput::reversed()
{
    m_plot->setXMinimum(Width);
    m_plot->setXMaximum(0);
    drag({200, 150}, {120, 150});
    QCOMPARE(m_plot->xMinimum(), Width - 80.0);
    QCOMPARE(m_plot->xMaximum(), -80.0);
    drag({120, 150}, {200, 150});
    QCOMPARE(m_plot->xMinimum(), double(Width));
    wheel({100, 150}, {0, 120});
    QCOMPARE(m_plot->xMinimum() - m_plot->xMaximum(), Width / 1.25);
    QCOMPARE(m_plot->xMinimum() + (m_plot->xMaximum() - m_plot->xMinimum()) / 4, 300.0);
    wheel({100, 150}, {0, -120});
    QCOMPARE(m_plot->xMinimum(), double(Width));
    wheel({100, 150}, {-120, 0});
    QCOMPARE(m_plot->xMinimum(), Width * 0.9);
    wheel({100, 150}, {120, 0});
    QTest::mouseMove(m_window.get(), {100, 150});
    QTest::mouseMove(m_window.get(), {120, 150});
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->cursorX(), Width - 120.0, Patience);
    QVERIFY(drawnPixels({119, 0, 3, Height}) >= Height);
    m_plot->forceActiveFocus();
    QTest::keyClick(m_window.get(), Qt::Key_Right);
    QCOMPARE(m_plot->xMinimum(), Width * 0.9);
    QTest::keyClick(m_window.get(), Qt::Key_Left);
    // And y.
    m_plot->setAutoScale(false);
    m_plot->setMinimum(Height);
    m_plot->setMaximum(0);
    wheel({100, 100}, {0, 120}, Qt::ControlModifier);
    drag({200, 150}, {120, 150});
    QCOMPARE(m_plot->xMinimum(), Width - 80.0);
}

void tst_PlotInput::reversedByTouch()
{
    m_plot->setXMinimum(Width);
    m_plot->setXMaximum(0);
    touchDrag({200, 150}, {120, 150});
    QCOMPARE(m_plot->xMinimum(), Width - 80.0);
    touchDrag({120, 150}, {200, 150});
    spreadFingers();
    QTRY_COMPARE_WITH_TIMEOUT(m_plot->xMinimum() - m_plot->xMaximum(), Width / 2.0, Patience);
    QCOMPARE(m_plot->xMaximum() + m_plot->xMinimum(), double(Width));
    QTest::touchEvent(m_window.get(), m_touch.get()).release(0, {100, 150}).release(1, {300, 160});
}

QTEST_MAIN(tst_PlotInput)
#include "tst_plotinput.moc"
