// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotview_p.h"

#include <QtCore/QBasicTimer>
#include <QtCore/QElapsedTimer>
#include <QtCore/QList>
#include <QtCore/QPointF>
#include <QtQuick/QQuickItem>

class PlotCursor;
class SharedPlot;

/// Moves and zooms the view of a plot, and places its cursor, by mouse, wheel, touch and keys. Takes no event that it has no
/// use for, so that a Flickable around the plot gets it.
class PlotInput final : public QQuickItem
{
    Q_OBJECT

public:
    PlotInput(SharedPlot *plot, PlotView *view, PlotCursor *cursor);

    bool canPan() const { return m_canPan; }
    void setCanPan(bool canPan);
    bool canZoom() const { return m_canZoom; }
    void setCanZoom(bool canZoom);
    bool hasCursor() const { return m_hasCursor; }
    void setHasCursor(bool hasCursor);

    /// Moves or zooms by a key. @returns false if the key has no meaning.
    bool handleKey(int key);
    /// Shows what follows the data again.
    void followData();

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseUngrabEvent() override;
    void wheelEvent(QWheelEvent *event) override;
    void hoverEnterEvent(QHoverEvent *event) override;
    void hoverMoveEvent(QHoverEvent *event) override;
    void hoverLeaveEvent(QHoverEvent *event) override;
    void touchEvent(QTouchEvent *event) override;
    void touchUngrabEvent() override;
    void timerEvent(QTimerEvent *event) override;

private:
    enum class Gesture {
        None,
        Pressed, ///< may become each of the others
        Pan,
        Cursor,
        Pinch,
    };

    static constexpr double ZoomStep = 1.25; // of a notch of the wheel, and of a key
    static constexpr double ShiftStep = 0.1; // of what is shown

    void acceptEvents();
    void fill();
    void press(QPointF place, bool isTouch);
    void moveTo(QPointF place);
    void beginPan(QPointF place);
    void panTo(QPointF place);
    void beginPinch(const QList<QPointF> &places);
    void pinchTo(const QList<QPointF> &places);
    void release(QPointF place);
    void cancel();
    void tap(QPointF place);
    void keepGrab(bool isKept);
    void zoomAround(QPointF place, double factor, bool isVertical);
    void panBy(double shareX, double shareY);

    SharedPlot *const m_plot;
    PlotView *const m_view;
    PlotCursor *const m_cursor;
    bool m_canPan = true;
    bool m_canZoom = true;
    bool m_hasCursor = true;
    Gesture m_gesture = Gesture::None;
    bool m_isTouch = false;
    QPointF m_pressPlace;
    PlotView::Range m_startX{0, 1}; // when the gesture began
    PlotView::Range m_startY{0, 1};
    bool m_isVertical = false; // pinch
    double m_startDistance = 1;
    QPointF m_startCentre;
    QBasicTimer m_holdTimer;
    QElapsedTimer m_sinceTap;
    QPointF m_tapPlace;
    QPointF m_hoverPlace;
};
