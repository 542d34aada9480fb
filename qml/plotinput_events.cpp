// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The events of a plot: what they mean is in plotinput.cpp.

#include "plotinput.h"

#include "plotcursor.h"

#include <QtGui/QEventPoint>
#include <QtGui/QHoverEvent>
#include <QtGui/QMouseEvent>
#include <QtGui/QTouchEvent>
#include <QtGui/QWheelEvent>

#include <cmath>
#include <utility>

void PlotInput::mousePressEvent(QMouseEvent *event)
{
    press(event->position(), false);
}

void PlotInput::mouseMoveEvent(QMouseEvent *event)
{
    moveTo(event->position());
}

void PlotInput::mouseReleaseEvent(QMouseEvent *event)
{
    release(event->position());
}

void PlotInput::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (m_canPan || m_canZoom)
        followData();
    else
        event->ignore();
}

void PlotInput::mouseUngrabEvent()
{
    cancel();
}

void PlotInput::wheelEvent(QWheelEvent *event)
{
    const QPointF turned = event->angleDelta();
    const bool isToTheSide = std::abs(turned.x()) > std::abs(turned.y());
    if (isToTheSide ? !m_canPan : !m_canZoom || turned.y() == 0) {
        event->ignore();
        return;
    }
    constexpr double Notch = 120; // eighths of a degree
    if (isToTheSide) {
        m_startX = m_view->xRange();
        m_startY = m_view->yRange();
        panBy(-turned.x() / Notch * ShiftStep, 0);
    } else {
        const bool isOverAxis = event->position().x() < m_view->plotArea().left();
        const bool isVertical = isOverAxis || (event->modifiers() & Qt::ControlModifier);
        zoomAround(event->position(), std::pow(ZoomStep, -turned.y() / Notch), isVertical);
    }
    event->accept();
}

void PlotInput::hoverEnterEvent(QHoverEvent *event)
{
    m_hoverPlace = event->position();
    event->ignore();
}

void PlotInput::hoverMoveEvent(QHoverEvent *event)
{
    // What is below the plot may follow the pointer, too.
    event->ignore();
    // Qt repeats the last place when the scene changes, and newer versions of Qt report the place of a finger, too.
    const bool isRepeated = std::exchange(m_hoverPlace, event->position()) == event->position();
    if (isRepeated || (m_isTouch && m_gesture != Gesture::None))
        return;
    m_isTouch = false;
    if (m_view->plotArea().contains(event->position()))
        m_cursor->showAt(event->position().x());
    else
        m_cursor->hide();
}

void PlotInput::hoverLeaveEvent(QHoverEvent *event)
{
    if (!m_isTouch)
        m_cursor->hide();
    event->ignore();
}

void PlotInput::touchEvent(QTouchEvent *event)
{
    QList<QPointF> places;
    for (const QEventPoint &point : event->points()) {
        if (point.state() != QEventPoint::Released)
            places.append(point.position());
    }
    if (event->type() == QEvent::TouchCancel) {
        cancel();
        return;
    }
    event->accept();
    m_hoverPlace = event->points().isEmpty() ? QPointF() : event->points().constFirst().position();
    if (places.isEmpty()) {
        release(m_hoverPlace);
        return;
    }
    if (places.size() > 1 && m_canZoom) {
        if (m_gesture == Gesture::Pinch)
            pinchTo(places);
        else
            beginPinch(places);
        return;
    }
    if (m_gesture == Gesture::Pinch) {
        // One finger is lifted: the other one goes on to move.
        if (m_canPan)
            beginPan(places.constFirst());
        else
            cancel();
    } else if (m_gesture == Gesture::None) {
        if (event->type() == QEvent::TouchBegin)
            press(places.constFirst(), true);
    } else {
        moveTo(places.constFirst());
    }
}

void PlotInput::touchUngrabEvent()
{
    cancel();
}

void PlotInput::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_holdTimer.timerId()) {
        QQuickItem::timerEvent(event);
        return;
    }
    m_holdTimer.stop();
    if (m_gesture != Gesture::Pressed)
        return;
    m_gesture = Gesture::Cursor;
    keepGrab(true);
    m_cursor->showAt(m_pressPlace.x());
}
