// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotinput.h"

#include "plotbounds.h"
#include "plotcursor.h"

#include "sharedplot.h"

#include <QtGui/QGuiApplication>
#include <QtGui/QStyleHints>
#include <QtQuick/QQuickWindow>

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

// The plot decides before a Flickable does, which takes the events at the whole distance.
constexpr double DecidingShare = 0.6;
constexpr double LeastFingerDistance = 16; // in pixels

double dragDistance()
{
    return DecidingShare * QGuiApplication::styleHints()->startDragDistance();
}

PlotBounds boundsOfX(const SharedPlot &plot, const PlotView &view)
{
    constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
    double low = Nan;
    double high = Nan;
    for (const SharedSeries *series : plot.series()) {
        const SharedSeries::DataRange range = series->dataRange();
        low = std::fmin(low, range.left);
        high = std::fmax(high, range.right);
    }
    return PlotBounds::of(low, high, view.xRange(), view.scale() == PlotView::Scale::Index ? 2 : 0);
}

PlotBounds boundsOfY(const SharedPlot &plot, const PlotView &view)
{
    constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
    double low = Nan;
    double high = Nan;
    for (const SharedSeries *series : plot.series()) {
        const SharedSeries::DataRange range = series->dataRange();
        low = std::fmin(low, range.low);
        high = std::fmax(high, range.high);
    }
    return PlotBounds::of(low, high, view.yRange(), 0);
}

/// Whether an item around this one would take a drag to the side.
bool isInFlickable(const QQuickItem *item)
{
    for (item = item->parentItem(); item; item = item->parentItem()) {
        if (item->inherits("QQuickFlickable") && item->property("interactive").toBool()
            && item->property("contentWidth").toDouble() > item->width())
            return true;
    }
    return false;
}

} // namespace

PlotInput::PlotInput(SharedPlot *plot, PlotView *view, PlotCursor *cursor)
    : QQuickItem(plot)
    , m_plot(plot)
    , m_view(view)
    , m_cursor(cursor)
{
    connect(plot, &QQuickItem::widthChanged, this, &PlotInput::fill);
    connect(plot, &QQuickItem::heightChanged, this, &PlotInput::fill);
    acceptEvents();
}

void PlotInput::fill()
{
    setSize(m_plot->size());
}

void PlotInput::acceptEvents()
{
    const bool acceptsDrags = m_canPan || m_canZoom || m_hasCursor;
    setAcceptedMouseButtons(acceptsDrags ? Qt::LeftButton : Qt::NoButton);
    setAcceptTouchEvents(acceptsDrags);
    setAcceptHoverEvents(m_hasCursor);
    if (m_gesture != Gesture::None)
        cancel();
}

void PlotInput::setCanPan(bool canPan)
{
    m_canPan = canPan;
    acceptEvents();
}

void PlotInput::setCanZoom(bool canZoom)
{
    m_canZoom = canZoom;
    acceptEvents();
}

void PlotInput::setHasCursor(bool hasCursor)
{
    m_hasCursor = hasCursor;
    acceptEvents();
}

void PlotInput::followData()
{
    m_view->releaseX();
    m_view->releaseY();
    m_plot->polish();
}

void PlotInput::zoomAround(QPointF place, double factor, bool isVertical)
{
    const PlotBounds bounds = isVertical ? boundsOfY(*m_plot, *m_view) : boundsOfX(*m_plot, *m_view);
    if (isVertical)
        m_view->holdY(bounds.zoomed(m_view->yRange(), m_view->fromPixelY(place.y()), factor));
    else
        m_view->holdX(bounds.zoomed(m_view->xRange(), m_view->fromPixelX(place.x()), factor));
}

void PlotInput::panBy(double shareX, double shareY)
{
    const PlotView::Range x = boundsOfX(*m_plot, *m_view).moved(m_startX, shareX * m_startX.span());
    if (m_view->followsY()) {
        m_view->holdX(x);
        return;
    }
    m_view->hold(x, boundsOfY(*m_plot, *m_view).moved(m_startY, shareY * m_startY.span()));
}

void PlotInput::keepGrab(bool isKept)
{
    setKeepMouseGrab(isKept);
    setKeepTouchGrab(isKept);
}

void PlotInput::press(QPointF place, bool isTouch)
{
    m_gesture = Gesture::Pressed;
    m_isTouch = isTouch;
    m_pressPlace = place;
    keepGrab(m_canPan && isInFlickable(this));
    if (isTouch && m_hasCursor)
        m_holdTimer.start(QGuiApplication::styleHints()->mousePressAndHoldInterval(), this);
    if (m_plot->activeFocusOnTab())
        m_plot->forceActiveFocus(Qt::MouseFocusReason);
}

void PlotInput::moveTo(QPointF place)
{
    if (m_gesture == Gesture::Pressed) {
        const QPointF distance = place - m_pressPlace;
        const bool isToTheSide = std::abs(distance.x()) >= std::abs(distance.y());
        // Up and down belongs to a Flickable, unless the plot can move that way.
        const bool canPan = m_canPan && (isToTheSide || !m_view->followsY());
        if (distance.manhattanLength() < dragDistance())
            return;
        m_holdTimer.stop();
        if (canPan)
            beginPan(m_pressPlace);
        else if (m_hasCursor && !m_canPan && isToTheSide)
            m_gesture = Gesture::Cursor;
        else
            return;
        keepGrab(true);
    }
    if (m_gesture == Gesture::Pan)
        panTo(place);
    if (m_hasCursor && (m_gesture == Gesture::Cursor || !m_isTouch))
        m_cursor->showAt(place.x());
}

void PlotInput::beginPan(QPointF place)
{
    m_gesture = Gesture::Pan;
    m_pressPlace = place;
    m_startX = m_view->xRange();
    m_startY = m_view->yRange();
}

void PlotInput::panTo(QPointF place)
{
    const QRectF area = m_view->plotArea();
    if (area.isEmpty())
        return;
    const QPointF distance = place - m_pressPlace;
    panBy(-distance.x() / area.width(), distance.y() / area.height());
}

void PlotInput::beginPinch(const QList<QPointF> &places)
{
    const QPointF distance = places[1] - places[0];
    m_holdTimer.stop();
    m_gesture = Gesture::Pinch;
    m_isVertical = std::abs(distance.y()) > 2 * std::abs(distance.x());
    m_startX = m_view->xRange();
    m_startY = m_view->yRange();
    m_startCentre = (places[0] + places[1]) / 2;
    m_startDistance = std::max(std::abs(m_isVertical ? distance.y() : distance.x()), LeastFingerDistance);
    keepGrab(true);
}

void PlotInput::pinchTo(const QList<QPointF> &places)
{
    const QRectF area = m_view->plotArea();
    if (area.isEmpty())
        return;
    const QPointF distance = places[1] - places[0];
    const QPointF centre = (places[0] + places[1]) / 2;
    const double now = std::max(std::abs(m_isVertical ? distance.y() : distance.x()), LeastFingerDistance);
    const double factor = m_startDistance / now;
    // The number that was between the fingers stays there.
    if (m_isVertical) {
        const PlotBounds bounds = boundsOfY(*m_plot, *m_view);
        const double share = (area.bottom() - m_startCentre.y()) / area.height();
        const double fixed = m_startY.from + share * m_startY.span();
        const PlotView::Range range = bounds.zoomed(m_startY, fixed, factor);
        m_view->holdY(bounds.moved(range, (centre.y() - m_startCentre.y()) / area.height() * range.span()));
        return;
    }
    const PlotBounds bounds = boundsOfX(*m_plot, *m_view);
    const double share = (m_startCentre.x() - area.left()) / area.width();
    const double fixed = m_startX.from + share * m_startX.span();
    const PlotView::Range range = bounds.zoomed(m_startX, fixed, factor);
    m_view->holdX(bounds.moved(range, (m_startCentre.x() - centre.x()) / area.width() * range.span()));
}

void PlotInput::release(QPointF place)
{
    const bool wasTap = m_gesture == Gesture::Pressed;
    m_holdTimer.stop();
    m_gesture = Gesture::None;
    keepGrab(false);
    if (wasTap && m_isTouch)
        tap(place);
}

void PlotInput::cancel()
{
    m_holdTimer.stop();
    m_gesture = Gesture::None;
    keepGrab(false);
}

void PlotInput::tap(QPointF place)
{
    const QStyleHints *const hints = QGuiApplication::styleHints();
    constexpr double Reach = 40; // of a finger, in pixels
    const bool isSecond = m_sinceTap.isValid() && !m_sinceTap.hasExpired(hints->mouseDoubleClickInterval())
                       && (place - m_tapPlace).manhattanLength() < Reach;
    m_sinceTap.invalidate();
    if (isSecond) {
        if (m_canPan || m_canZoom)
            followData();
        return;
    }
    m_sinceTap.start();
    m_tapPlace = place;
    m_cursor->hide();
}

bool PlotInput::handleKey(int key)
{
    m_startX = m_view->xRange();
    m_startY = m_view->yRange();
    const bool isVertical = key == Qt::Key_Up || key == Qt::Key_Down;
    const bool isMove = isVertical || key == Qt::Key_Left || key == Qt::Key_Right;
    const bool isZoom = key == Qt::Key_Plus || key == Qt::Key_Equal || key == Qt::Key_Minus;
    if ((isMove && !m_canPan) || (isZoom && !m_canZoom) || (isVertical && m_view->followsY()))
        return false;
    if (isMove) {
        const double shift = key == Qt::Key_Left || key == Qt::Key_Down ? -ShiftStep : ShiftStep;
        panBy(isVertical ? 0 : shift, isVertical ? shift : 0);
    } else if (isZoom) {
        zoomAround(m_view->plotArea().center(), key == Qt::Key_Minus ? ZoomStep : 1 / ZoomStep, false);
    } else if (key == Qt::Key_Home && (m_canPan || m_canZoom)) {
        followData();
    } else {
        return false;
    }
    return true;
}
