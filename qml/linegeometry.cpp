// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "linegeometry.h"

#include <QtQuick/QSGGeometry>

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

using Vertex = QSGGeometry::ColoredPoint2D;

// Half of the width over which an edge becomes transparent, in pixels.
constexpr double Softness = 0.5;
// Cosine of the least angle between two segments that get a corner of two sets of vertices.
constexpr double RoundCosine = 0.95;

/// A place of a line with the direction across it.
struct Section
{
    QPointF point;
    QPointF across;
};

class LineStrip
{
public:
    LineStrip(double width, const QColor &color)
        : m_width(width)
        , m_inner(std::max(width / 2 - Softness, 0.0))
        , m_outer(std::max(width, 0.5) / 2 + Softness)
    {
        // A line of less than a pixel is paler.
        const double alpha = color.alphaF() * std::min(std::max(width, 0.5), 1.0);
        const auto part = [alpha](double share) { return static_cast<uchar>(std::lround(share * alpha * 255)); };
        m_color.set(0, 0, part(color.redF()), part(color.greenF()), part(color.blueF()), part(1));
    }

    void addLine(const QPolygonF &line)
    {
        m_sections.clear();
        QPointF direction;
        for (qsizetype i = 1; i < line.size(); ++i) {
            const QPointF step = line.at(i) - line.at(i - 1);
            const double length = std::hypot(step.x(), step.y());
            if (length < 1e-6)
                continue;
            const QPointF next = step / length;
            const QPointF normal(-next.y(), next.x());
            if (m_sections.empty())
                m_sections.push_back({line.at(i - 1), normal});
            else
                turn(line.at(i - 1), direction, next);
            m_sections.push_back({line.at(i), normal});
            direction = next;
        }
        double inner = m_inner;
        double outer = m_outer;
        if (m_sections.empty() && !line.isEmpty()) {
            const double half = CurveShape::dotSize(m_width) / 2;
            // A point is a square with soft sides.
            m_sections.push_back({line.constFirst() - QPointF(half, 0), {0, 1}});
            m_sections.push_back({line.constFirst() + QPointF(half, 0), {0, 1}});
            inner = half - Softness;
            outer = half + Softness;
        }
        addBand(outer, 0, inner, 1);
        if (inner > 0)
            addBand(inner, 1, -inner, 1);
        addBand(-inner, 1, -outer, 0);
    }

    std::vector<Vertex> vertices;

private:
    /// Joins two segments at a point.
    void turn(QPointF point, QPointF before, QPointF after)
    {
        const QPointF next(-after.y(), after.x());
        const double cosine = QPointF::dotProduct(before, after);
        if (cosine > RoundCosine) {
            const QPointF middle = m_sections.back().across + next;
            const double length = std::hypot(middle.x(), middle.y());
            // Long enough that both edges meet.
            m_sections.back().across = middle / length / std::sqrt((1 + cosine) / 2);
        } else {
            m_sections.push_back({point, next});
        }
    }

    void addBand(double from, int fromOpacity, double to, int toOpacity)
    {
        bool isFirst = true;
        for (const Section &section : m_sections) {
            const Vertex start = vertex(section.point + section.across * from, fromOpacity);
            if (isFirst && !vertices.empty()) {
                // Triangles without area lead here.
                vertices.push_back(vertices.back());
                vertices.push_back(start);
            }
            isFirst = false;
            vertices.push_back(start);
            vertices.push_back(vertex(section.point + section.across * to, toOpacity));
        }
    }

    Vertex vertex(QPointF at, int opacity) const
    {
        Vertex result{};
        result.set(static_cast<float>(at.x()), static_cast<float>(at.y()), opacity ? m_color.r : uchar(0),
                   opacity ? m_color.g : uchar(0), opacity ? m_color.b : uchar(0), opacity ? m_color.a : uchar(0));
        return result;
    }

    const double m_width;
    const double m_inner;
    const double m_outer;
    Vertex m_color{};
    std::vector<Section> m_sections;
};

} // namespace

QSGGeometry *LineGeometry::make(const CurveShape::Lines &lines, double width, const QColor &color)
{
    LineStrip strip(width, color);
    for (const QPolygonF &line : lines.lines)
        strip.addLine(line);
    strip.vertices.resize(std::max<std::size_t>(strip.vertices.size(), 3)); // Without a line, too, there is a geometry.
    auto *const geometry =
        new QSGGeometry(QSGGeometry::defaultAttributes_ColoredPoint2D(), static_cast<int>(strip.vertices.size()));
    geometry->setDrawingMode(QSGGeometry::DrawTriangleStrip);
    std::copy(strip.vertices.cbegin(), strip.vertices.cend(), geometry->vertexDataAsColoredPoint2D());
    return geometry;
}

void LineGeometry::fillAreas(QSGGeometry *geometry, const CurveShape::Lines &lines)
{
    std::vector<QPointF> strip;
    const double base = lines.base;
    for (const QPolygonF &line : lines.lines) {
        if (line.size() < 2)
            continue;
        const QPointF start(line.constFirst().x(), base);
        if (!strip.empty())
            strip.insert(strip.end(), {strip.back(), start});
        QPointF previous = start;
        for (const QPointF &point : line) {
            // Where the line crosses the base, the area has a width of 0.
            if ((previous.y() - base) * (point.y() - base) < 0) {
                const double share = (base - previous.y()) / (point.y() - previous.y());
                const QPointF crossing(previous.x() + share * (point.x() - previous.x()), base);
                strip.insert(strip.end(), {crossing, crossing});
            }
            strip.insert(strip.end(), {QPointF(point.x(), base), point});
            previous = point;
        }
    }
    strip.resize(std::max<std::size_t>(strip.size(), 3));
    geometry->allocate(static_cast<int>(strip.size()));
    QSGGeometry::Point2D *vertex = geometry->vertexDataAsPoint2D();
    for (const QPointF &point : strip)
        (vertex++)->set(static_cast<float>(point.x()), static_cast<float>(point.y()));
}
