// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "curvenode.h"

#include <QtQuick/QSGRenderNode>

class QQuickWindow;

/// Draws a curve by QPainter, on Qt Quick's software renderer: what CurveNode draws by geometry.
///
/// It paints the visible rectangles, and no picture of the item that the renderer would have to blend in each frame.
class CurvePainter : public QSGRenderNode
{
public:
    explicit CurvePainter(QQuickWindow *window);

    void update(const PlotCurve &curve, const CurvePen &pen);

    void render(const RenderState *state) override;
    StateFlags changedStates() const override { return {}; }
    RenderingFlags flags() const override { return BoundedRectRendering; }
    QRectF rect() const override { return m_rect; }

private:
    QQuickWindow *const m_window;
    CurvePen m_pen;
    CurveShape::Rects m_rects;
    CurveShape::Lines m_lines{};
    QRectF m_rect;
    int m_columns = 0;
};
