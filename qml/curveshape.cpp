// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "curveshape.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

// A place is 0 at the minimum and 1 at the maximum. Places outside this range are drawn at its ends.
constexpr double LeastPlace = -1;
constexpr double GreatestPlace = 2;
// Finite, so that arithmetic with it gives no NaN.
constexpr double FarAway = 1e15;
// The share of a bar's space that is a gap, and the least space that has one.
constexpr double GapShare = 0.2;
constexpr double LeastSpaceWithGap = 4;

double middleOf(const PlotColumn &column)
{
    return column.low == column.high ? column.low : column.low / 2 + column.high / 2;
}

} // namespace

CurveShape::CurveShape(const PlotCurve &curve, const CurveStyle &style)
    : m_curve(curve)
    , m_style(style)
    , m_base(toY(std::clamp(0.0, std::min(style.minimum, style.maximum), std::max(style.minimum, style.maximum))))
{
}

double CurveShape::toPlace(double value) const
{
    // Halve only if the span overflows: denormal numbers cannot be halved. If the minimum is above the maximum, the
    // plot is upside down.
    const double scale = std::isfinite(m_style.maximum - m_style.minimum) ? 1 : 0.5;
    const double span = m_style.maximum * scale - m_style.minimum * scale;
    const double above = value * scale - m_style.minimum * scale;
    double place = above / span;
    if (span == 0)
        place = above == 0 ? 0.5 : std::copysign(std::numeric_limits<double>::infinity(), above);
    return std::clamp(place, -FarAway, FarAway);
}

double CurveShape::placeToY(double place) const
{
    const double margin = m_style.hasBars ? 0 : std::min(m_style.lineWidth, static_cast<double>(m_style.height)) / 2;
    const double space = m_style.height - 2 * margin;
    // Clamp invisible places, since painters do not handle large coordinates well.
    return margin + space * (1 - std::clamp(place, LeastPlace, GreatestPlace));
}

CurveShape::Span CurveShape::toSpan(double low, double high) const
{
    const auto [top, bottom] = std::minmax({toY(high), toY(low)});
    return {top, bottom};
}

qint64 CurveShape::reach(qint64 column) const
{
    qint64 first = column;
    while (first > 0 && m_curve.columns[static_cast<std::size_t>(first - 1)].isEmpty())
        --first;
    return column - first + 1 + static_cast<qint64>(std::ceil(m_style.lineWidth));
}

std::vector<PlotColumn> CurveShape::connected(qint64 from, qint64 to) const
{
    const auto &columns = m_curve.columns;
    std::vector<PlotColumn> result(columns.cbegin() + static_cast<std::ptrdiff_t>(from),
                                   columns.cbegin() + static_cast<std::ptrdiff_t>(to));
    const auto at = [&columns](qint64 column) -> const PlotColumn & {
        return columns[static_cast<std::size_t>(column)];
    };
    const auto size = static_cast<qint64>(columns.size());
    qint64 left = from;
    while (left > 0 && at(left).isEmpty())
        --left;
    for (qint64 column = from; column < to; ++column) {
        if (!at(column).isEmpty()) {
            left = column;
            continue;
        }
        qint64 right = column;
        while (right < size && at(right).isEmpty())
            ++right;
        bool isBroken = at(left).isEmpty() || right >= size;
        for (qint64 i = left + 1; i <= right && !isBroken; ++i)
            isBroken = at(i).isBroken;
        for (; column < std::min(right, to); ++column) {
            if (isBroken)
                continue;
            const double share = static_cast<double>(column - left) / static_cast<double>(right - left);
            const double value = middleOf(at(left)) * (1 - share) + middleOf(at(right)) * share;
            result[static_cast<std::size_t>(column - from)].add(value, value);
        }
        --column;
    }
    return result;
}

CurveShape::Rects CurveShape::columns(qint64 from, qint64 to) const
{
    Rects rects;
    const auto size = static_cast<qint64>(m_curve.columns.size());
    // A thick line reaches into other columns.
    const double thickness = std::max(m_style.lineWidth, 1.0);
    const auto toLeft = static_cast<qint64>(std::floor((thickness - 1) / 2));
    const auto toRight = static_cast<qint64>(std::ceil(thickness)) - 1 - toLeft;
    const qint64 first = std::max<qint64>(from - toRight - 1, 0);
    const qint64 last = std::min(to + toLeft + 1, size); // with one that may continue the last one
    if (first >= last)
        return rects;
    const std::vector<PlotColumn> columns = connected(first, last);
    std::vector<QRect> lines; // empty where nothing is
    lines.reserve(columns.size());
    const PlotColumn *previous = nullptr;
    qint64 at = first;
    for (const PlotColumn &column : columns) {
        const qint64 x = at++;
        if (column.isEmpty()) {
            previous = nullptr;
            lines.emplace_back();
            continue;
        }
        if (m_style.hasBars) {
            lines.push_back(barRect(static_cast<int>(x), static_cast<int>(x) + 1, column));
            continue;
        }
        const bool isConnected = previous && !column.isBroken;
        // Extend to the neighbour, so that the line has no gaps.
        const Span span = toSpan(isConnected ? std::min(column.low, previous->high) : column.low,
                                 isConnected ? std::max(column.high, previous->low) : column.high);
        const bool isLone = !isConnected
                         && (at == last || columns[static_cast<std::size_t>(at - first)].isBroken
                             || columns[static_cast<std::size_t>(at - first)].isEmpty());
        const double reach = isLone ? dotSize(thickness) / 2 : thickness / 2;
        const double top = std::floor(span.top - reach);
        const double bottom = std::max(std::ceil(span.bottom + reach), top + 1);
        lines.emplace_back(static_cast<int>(x), static_cast<int>(top), 1, static_cast<int>(bottom - top));
        if (m_style.isFilled && x >= from && x < to) {
            const Span own = toSpan(column.low, column.high);
            const auto highest = static_cast<int>(std::round(std::min(own.top, m_base)));
            const auto lowest = static_cast<int>(std::round(std::max(own.bottom, m_base)));
            rects.areas.emplace_back(static_cast<int>(x), highest, 1, lowest - highest);
        }
        previous = &column;
    }
    for (qint64 x = from; x < std::min(to, size); ++x) {
        QRect merged;
        const qint64 end = m_style.hasBars ? x : std::min(x + toLeft, last - 1);
        for (qint64 i = std::max(m_style.hasBars ? x : x - toRight, first); i <= end; ++i) {
            const QRect line = lines[static_cast<std::size_t>(i - first)];
            if (line.isEmpty())
                continue;
            const QRect own(static_cast<int>(x), line.y(), 1, line.height());
            if (!merged.isEmpty() && !merged.adjusted(0, -1, 0, 1).intersects(own)) {
                rects.marks.push_back(merged); // Beside a gap.
                merged = QRect();
            }
            merged |= own;
        }
        if (!merged.isEmpty())
            rects.marks.push_back(merged);
    }
    return rects;
}

QRect CurveShape::barRect(int left, int right, const PlotColumn &column) const
{
    const Span span = toSpan(column.low, column.high);
    const double base = std::round(m_base);
    double top = std::min(std::round(span.top), base);
    double bottom = std::max(std::round(span.bottom), base);
    // At least one pixel, so that 0 differs from a gap.
    if (bottom - top < 1) {
        top = std::min(top, m_style.height - 1.0);
        bottom = top + 1;
    }
    return QRect(left, static_cast<int>(top), right - left, static_cast<int>(bottom - top));
}

CurveShape::Rects CurveShape::bars() const
{
    Rects rects;
    const double space = m_curve.pointWidth / m_curve.window.width;
    const double gap = space >= LeastSpaceWithGap ? std::round(space * GapShare) : 0;
    for (const PlotPoint &point : m_curve.points) {
        if (point.isEmpty())
            continue;
        // Whole pixels give bars of equal width with sharp edges.
        const double start = m_curve.window.place(point.x) - space / 2;
        const double left = std::round(start + gap / 2);
        const double right = std::max(std::round(start + space - gap / 2), left + 1);
        if (right > 0 && left < m_curve.window.columns)
            rects.marks.push_back(barRect(static_cast<int>(std::max(left, -1.0)),
                                          static_cast<int>(std::min(right, m_curve.window.columns + 1.0)), point));
    }
    return rects;
}

CurveShape::Lines CurveShape::lines() const
{
    Lines result;
    result.base = m_base;
    QPolygonF line;
    QPointF previous; // y is the place
    const double width = m_curve.window.columns;
    // Beyond it nothing is visible.
    const double margin = m_style.lineWidth + 16;
    const auto cut = [](QPointF *end, QPointF other, double x) {
        *end = {x, end->y() + (other.y() - end->y()) * ((x - end->x()) / (other.x() - end->x()))};
    };
    const auto finish = [&] {
        const double x = line.size() == 1 ? line.constFirst().x() : -1;
        if (x > -0.5 && x < width + 0.5) {
            // Keep the dot inside the picture at the left and right edges.
            const double half = std::min(dotSize(m_style.lineWidth), width) / 2;
            line.first().setX(std::clamp(x, half, width - half));
        }
        if (!line.isEmpty())
            result.lines.push_back(line);
        line.clear();
    };
    for (const PlotPoint &point : m_curve.points) {
        if (point.isEmpty() || point.isBroken)
            finish();
        if (point.isEmpty())
            continue;
        QPointF next(m_curve.window.place(point.x), toPlace(middleOf(point)));
        if (!line.isEmpty()) {
            if (previous.x() < -margin && next.x() > -margin) {
                cut(&previous, next, -margin);
                line.last() = {previous.x(), placeToY(previous.y())};
            }
            if (next.x() > width + margin && previous.x() < width + margin)
                cut(&next, previous, width + margin);
            appendCrossings(&line, previous, next);
        }
        line.append({next.x(), placeToY(next.y())});
        previous = next;
    }
    finish();
    return result;
}

void CurveShape::appendCrossings(QPolygonF *line, QPointF from, QPointF to) const
{
    // Values far outside are clamped; the crossings keep the slope of the line inside.
    const bool isUp = from.y() < to.y();
    for (const double place : {isUp ? LeastPlace : GreatestPlace, isUp ? GreatestPlace : LeastPlace}) {
        const double share = (place - from.y()) / (to.y() - from.y());
        if (share > 0 && share < 1)
            line->append({from.x() + share * (to.x() - from.x()), placeToY(place)});
    }
}
