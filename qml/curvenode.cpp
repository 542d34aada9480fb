// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "curvenode.h"

#include "linegeometry.h"

#include <QtGui/QMatrix4x4>
#include <QtQuick/QSGFlatColorMaterial>
#include <QtQuick/QSGGeometryNode>
#include <QtQuick/QSGVertexColorMaterial>

#include <algorithm>
#include <utility>

namespace {

/// Makes a node of triangles of one colour.
QSGGeometryNode *makeFlat(const QColor &color)
{
    auto *const node = new QSGGeometryNode;
    auto *const geometry = new QSGGeometry(QSGGeometry::defaultAttributes_Point2D(), 0);
    geometry->setDrawingMode(QSGGeometry::DrawTriangleStrip);
    node->setGeometry(geometry);
    node->setFlag(QSGNode::OwnsGeometry);
    auto *const material = new QSGFlatColorMaterial;
    material->setColor(color);
    node->setMaterial(material);
    node->setFlag(QSGNode::OwnsMaterial);
    return node;
}

void fillRects(QSGGeometryNode *node, const std::vector<QRect> &rects, qint64 left)
{
    QSGGeometry *const geometry = node->geometry();
    // Two more join a rectangle to the one before by triangles without area.
    geometry->allocate(std::max(static_cast<int>(rects.size()), 1) * 6);
    QSGGeometry::Point2D *vertex = geometry->vertexDataAsPoint2D();
    std::fill_n(vertex, 6, QSGGeometry::Point2D{0, 0}); // Without a rectangle, too, there is a geometry.
    for (const QRect &rect : rects) {
        const auto x = static_cast<float>(rect.x() - left);
        const auto end = static_cast<float>(rect.x() + rect.width() - left);
        const auto top = static_cast<float>(rect.y());
        const auto bottom = static_cast<float>(rect.y() + rect.height());
        (vertex++)->set(x, top);
        (vertex++)->set(x, top);
        (vertex++)->set(x, bottom);
        (vertex++)->set(end, top);
        (vertex++)->set(end, bottom);
        (vertex++)->set(end, bottom);
    }
    node->markDirty(QSGNode::DirtyGeometry);
}

} // namespace

/// Columns that follow each other.
class CurveNode::Chunk : public QSGTransformNode
{
public:
    explicit Chunk(const CurvePen &pen)
        : m_areas(pen.style.isFilled ? makeFlat(pen.fill) : nullptr)
        , m_marks(makeFlat(pen.color))
    {
        if (m_areas)
            appendChildNode(m_areas);
        appendChildNode(m_marks);
    }

    /// @param left the first column, counted from the left edge of the picture
    void setRects(const CurveShape::Rects &rects, qint64 left)
    {
        fillRects(m_marks, rects.marks, left);
        if (m_areas)
            fillRects(m_areas, rects.areas, left);
    }

    void place(qint64 left)
    {
        QMatrix4x4 matrix;
        matrix.translate(static_cast<float>(left), 0);
        if (matrix != this->matrix())
            setMatrix(matrix);
    }

private:
    QSGGeometryNode *const m_areas;
    QSGGeometryNode *const m_marks;
};

CurveNode::CurveNode()
    : m_root(new QSGTransformNode)
{
    appendChildNode(m_root);
}

CurveNode::~CurveNode() = default;

void CurveNode::update(const PlotCurve &curve, const CurvePen &pen)
{
    const bool isOther = pen != m_pen || !curve.window.hasSameColumns(m_window)
                      || (pen.isMirrored && curve.window.columns != m_window.columns);
    m_pen = pen;
    m_window = curve.window;
    if (isOther) {
        QMatrix4x4 matrix;
        matrix.scale(static_cast<float>(pen.scale), static_cast<float>(pen.scale));
        if (pen.isMirrored) {
            matrix.translate(static_cast<float>(curve.window.columns), 0);
            matrix.scale(-1, 1);
        }
        m_root->setMatrix(matrix);
    }
    delete std::exchange(m_points, nullptr);
    if (isOther || curve.hasPoints)
        m_chunks.clear();
    if (curve.hasPoints) {
        updatePoints(curve);
        return;
    }
    m_chunks.update(curve, m_pen.style, [this] {
        auto chunk = std::make_unique<Chunk>(m_pen);
        m_root->appendChildNode(chunk.get());
        return chunk;
    });
}

void CurveNode::updatePoints(const PlotCurve &curve)
{
    const CurveShape shape(curve, m_pen.style);
    m_points = new QSGNode;
    m_root->appendChildNode(m_points);
    if (m_pen.style.hasBars) {
        QSGGeometryNode *const bars = makeFlat(m_pen.color);
        fillRects(bars, shape.bars().marks, 0);
        m_points->appendChildNode(bars);
        return;
    }
    const CurveShape::Lines lines = shape.lines();
    if (m_pen.style.isFilled) {
        QSGGeometryNode *const areas = makeFlat(m_pen.fill);
        LineGeometry::fillAreas(areas->geometry(), lines);
        m_points->appendChildNode(areas);
    }
    auto *const node = new QSGGeometryNode;
    node->setGeometry(LineGeometry::make(lines, m_pen.style.lineWidth, m_pen.color));
    node->setFlag(QSGNode::OwnsGeometry);
    node->setMaterial(new QSGVertexColorMaterial);
    node->setFlag(QSGNode::OwnsMaterial);
    m_points->appendChildNode(node);
}
