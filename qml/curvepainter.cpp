// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "curvepainter.h"

#include <QtGui/QPainter>
#include <QtGui/QRegion>
#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGRendererInterface>

#include <algorithm>
#include <utility>

namespace {

void paintRects(QPainter *painter, const std::vector<QRect> &rects, const QColor &color)
{
    if (rects.empty())
        return;
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawRects(rects.data(), static_cast<int>(rects.size()));
}

void paintLine(QPainter *painter, const QPolygonF &line, const CurvePen &pen)
{
    if (line.size() > 1) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(pen.color, std::max(pen.style.lineWidth, 0.5), Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
        painter->drawPolyline(line);
        return;
    }
    const double half = CurveShape::dotSize(pen.style.lineWidth) / 2;
    painter->setPen(Qt::NoPen);
    painter->setBrush(pen.color);
    painter->drawRect(QRectF(line.constFirst() - QPointF(half, half), QSizeF(2 * half, 2 * half)));
}

void paintArea(QPainter *painter, const QPolygonF &line, double base, const QColor &color)
{
    if (line.size() < 2)
        return;
    QPolygonF area = line;
    area.append({line.constLast().x(), base});
    area.append({line.constFirst().x(), base});
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPolygon(area);
}

} // namespace

CurvePainter::CurvePainter(QQuickWindow *window)
    : m_window(window)
{
}

void CurvePainter::Chunk::setRects(CurveShape::Rects shapes, qint64 from)
{
    rects = std::move(shapes);
    for (std::vector<QRect> *const some : {&rects.marks, &rects.areas}) {
        for (QRect &rect : *some)
            rect.translate(-static_cast<int>(from), 0);
    }
}

void CurvePainter::update(const PlotCurve &curve, const CurvePen &pen)
{
    if (curve.hasPoints || pen != m_pen || !curve.window.hasSameColumns(m_shown))
        m_chunks.clear();
    m_pen = pen;
    m_shown = curve.window;
    m_bars = {};
    m_lines = {};
    const CurveShape shape(curve, pen.style);
    if (!curve.hasPoints)
        m_chunks.update(curve, m_pen.style, [] { return std::make_unique<Chunk>(); });
    else if (pen.style.hasBars)
        m_bars = shape.bars();
    else
        m_lines = shape.lines();
    m_rect = QRectF(0, 0, curve.window.columns * pen.scale, pen.style.height * pen.scale);
    markDirty(DirtyMaterial);
}

void CurvePainter::render(const RenderState *state)
{
    void *const resource = m_window->rendererInterface()->getResource(m_window, QSGRendererInterface::PainterResource);
    auto *const painter = static_cast<QPainter *>(resource);
    if (!painter)
        return;
    // Before the transform, since it is in coordinates of the window.
    const QRegion *const clip = state->clipRegion();
    if (clip && !clip->isEmpty())
        painter->setClipRegion(*clip, Qt::ReplaceClip);
    painter->setTransform(matrix()->toTransform(), false);
    painter->setOpacity(inheritedOpacity());
    painter->setClipRect(m_rect, Qt::IntersectClip);
    painter->scale(m_pen.scale, m_pen.scale);
    if (m_pen.isMirrored) {
        painter->translate(m_shown.columns, 0);
        painter->scale(-1, 1);
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    const auto paintChunks = [&](std::vector<QRect> CurveShape::Rects::*which, const QColor &color) {
        m_chunks.forEach([&](const Chunk &chunk) {
            painter->translate(chunk.left, 0);
            paintRects(painter, chunk.rects.*which, color);
            painter->translate(-chunk.left, 0);
        });
    };
    paintChunks(&CurveShape::Rects::areas, m_pen.fill);
    paintChunks(&CurveShape::Rects::marks, m_pen.color);
    paintRects(painter, m_bars.marks, m_pen.color);
    painter->setRenderHint(QPainter::Antialiasing, true);
    if (m_pen.style.isFilled) {
        for (const QPolygonF &line : m_lines.lines)
            paintArea(painter, line, m_lines.base, m_pen.fill);
    }
    for (const QPolygonF &line : m_lines.lines)
        paintLine(painter, line, m_pen);
}
