// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "curvechunks.h"

#include <QtGui/QColor>
#include <QtQuick/QSGNode>

/// What a node draws: a curve in the item's coordinates.
struct CurvePen
{
    CurveStyle style;
    QColor color;
    QColor fill;
    double scale = 1;        ///< device-independent pixels per pixel of the curve
    bool isMirrored = false; ///< x runs from right to left

    bool operator==(const CurvePen &) const = default;
};

/// Draws a curve by geometry, for each graphics API. Only those chunks change that have new columns.
class CurveNode : public QSGOpacityNode
{
public:
    CurveNode();
    ~CurveNode() override;
    Q_DISABLE_COPY_MOVE(CurveNode)

    /// Draws what changed since the last call, by `curve->changedFrom`, or all of it with another pen.
    void update(const PlotCurve &curve, const CurvePen &pen);

private:
    class Chunk;

    void updatePoints(const PlotCurve &curve);

    CurvePen m_pen;
    QSGTransformNode *const m_root;
    QSGNode *m_points = nullptr; ///< owned by m_root
    CurveChunks<Chunk> m_chunks; ///< children of m_root
    PlotWindow m_window;
};
