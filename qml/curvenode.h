// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "curveshape.h"

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

/// Draws a curve by geometry, for each graphics API. Columns lie in chunks, and only those chunks change that have new columns.
class CurveNode : public QSGOpacityNode
{
public:
    CurveNode();

    /// Draws what changed since the last call, by `curve->changedFrom`, or all of it with another pen.
    void update(const PlotCurve &curve, const CurvePen &pen);

private:
    class Chunk;

    void updateColumns(const PlotCurve &curve, bool isOther);
    void updatePoints(const PlotCurve &curve);
    /// Removes the chunks that do not have numbers from `first` to `last`.
    void keepChunks(qint64 first, qint64 last);

    CurvePen m_pen;
    QSGTransformNode *const m_root;
    std::vector<Chunk *> m_chunks; ///< owned by m_root, in order
    QSGNode *m_points = nullptr;   ///< owned by m_root
    PlotWindow m_window;
};
