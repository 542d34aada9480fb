// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "curvenode.h"

#include <QtQuick/QSGRenderNode>

class QQuickWindow;

/// Draws a curve by QPainter, on Qt Quick's software renderer: what CurveNode draws by geometry.
///
/// It paints the visible rectangles, and no picture of the item that the renderer would have to blend in each frame. Only
/// those chunks are computed that have new columns.
class CurvePainter : public QSGRenderNode
{
public:
    explicit CurvePainter(QQuickWindow *window);

    /// Draws what changed since the last call, by `curve->changedFrom`, or all of it with another pen.
    void update(const PlotCurve &curve, const CurvePen &pen);

    void render(const RenderState *state) override;
    StateFlags changedStates() const override { return {}; }
    RenderingFlags flags() const override { return BoundedRectRendering; }
    QRectF rect() const override { return m_rect; }

private:
    /// Rectangles around an origin of their own.
    struct Chunk
    {
        void setRects(CurveShape::Rects shapes, qint64 from);
        void place(qint64 to) { left = static_cast<int>(to); }

        CurveShape::Rects rects;
        int left = 0;
    };

    QQuickWindow *const m_window;
    CurvePen m_pen;
    CurveChunks<Chunk> m_chunks;
    CurveShape::Rects m_bars;
    CurveShape::Lines m_lines{};
    QRectF m_rect;
    PlotWindow m_shown;
};
