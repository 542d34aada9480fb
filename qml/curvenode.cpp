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

// Columns of a chunk: few enough to be cheap to replace, and many enough that a screen has few chunks.
constexpr qint64 ChunkColumns = 128;

qint64 chunkOf(qint64 column)
{
    return column >= 0 ? column / ChunkColumns : -((ChunkColumns - 1 - column) / ChunkColumns);
}

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

/// Columns that follow each other, from a number that is a multiple of their count on.
class CurveNode::Chunk : public QSGTransformNode
{
public:
    Chunk(qint64 chunkNumber, const CurvePen &pen)
        : number(chunkNumber)
        , m_areas(pen.style.isFilled ? makeFlat(pen.fill) : nullptr)
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

    const qint64 number;

private:
    QSGGeometryNode *const m_areas;
    QSGGeometryNode *const m_marks;
};

CurveNode::CurveNode()
    : m_root(new QSGTransformNode)
{
    appendChildNode(m_root);
}

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
    if (curve.hasPoints) {
        keepChunks(0, -1);
        updatePoints(curve);
    } else {
        updateColumns(curve, isOther);
    }
}

void CurveNode::keepChunks(qint64 first, qint64 last)
{
    std::erase_if(m_chunks, [&](Chunk *chunk) {
        if (chunk->number >= first && chunk->number <= last)
            return false;
        delete chunk;
        return true;
    });
}

void CurveNode::updateColumns(const PlotCurve &curve, bool isOther)
{
    const auto size = static_cast<qint64>(curve.columns.size());
    const qint64 start = curve.window.first;
    if (isOther || size == 0)
        keepChunks(0, -1);
    if (size == 0)
        return;
    const CurveShape shape(curve, m_pen.style);
    const qint64 first = chunkOf(start);
    const qint64 last = chunkOf(start + size - 1);
    keepChunks(first, last);
    const qint64 changed = std::clamp(curve.changedFrom, start, start + size);
    const qint64 dirtyFrom = changed - (changed < start + size ? shape.reach(changed - start) : 0);
    std::vector<Chunk *> chunks;
    for (qint64 number = first; number <= last; ++number) {
        const auto at = std::find_if(m_chunks.cbegin(), m_chunks.cend(),
                                     [number](Chunk *chunk) { return chunk->number == number; });
        const bool isNew = at == m_chunks.cend();
        Chunk *const chunk = isNew ? new Chunk(number, m_pen) : *at;
        const qint64 left = number * ChunkColumns - start;
        if (isNew || left + ChunkColumns > dirtyFrom - start)
            chunk->setRects(shape.columns(std::max<qint64>(left, 0), std::min(left + ChunkColumns, size)), left);
        chunk->place(left);
        if (isNew)
            m_root->appendChildNode(chunk);
        chunks.push_back(chunk);
    }
    m_chunks.swap(chunks);
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
