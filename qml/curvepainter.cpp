// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "curvepainter.h"

#include <QtGui/QPainter>
#include <QtGui/QRegion>
#include <QtQuick/QQuickWindow>
#include <QtQuick/QSGRendererInterface>

#include <algorithm>

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

void CurvePainter::update(const PlotCurve &curve, const CurvePen &pen)
{
    m_pen = pen;
    m_rects = {};
    m_lines = {};
    const CurveShape shape(curve, pen.style);
    if (!curve.hasPoints)
        m_rects = shape.columns(0, static_cast<qint64>(curve.columns.size()));
    else if (pen.style.hasBars)
        m_rects = shape.bars();
    else
        m_lines = shape.lines();
    m_columns = curve.window.columns;
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
        painter->translate(m_columns, 0);
        painter->scale(-1, 1);
    }
    painter->setRenderHint(QPainter::Antialiasing, false);
    paintRects(painter, m_rects.areas, m_pen.fill);
    paintRects(painter, m_rects.marks, m_pen.color);
    painter->setRenderHint(QPainter::Antialiasing, true);
    if (m_pen.style.isFilled) {
        for (const QPolygonF &line : m_lines.lines)
            paintArea(painter, line, m_lines.base, m_pen.fill);
    }
    for (const QPolygonF &line : m_lines.lines)
        paintLine(painter, line, m_pen);
}
