// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotpainter.h"

#include <QtGui/QPainter>
#include <QtGui/QPolygonF>

#include <algorithm>
#include <cmath>
#include <limits>

namespace {

// A place is 0 at the minimum and 1 at the maximum. Places outside this range are drawn at its ends.
constexpr double LeastPlace = -1;
constexpr double GreatestPlace = 2;
// Finite, so that arithmetic with it gives no NaN.
constexpr double FarAway = 1e15;

} // namespace

void PlotPainter::paint(QImage *image, const std::vector<PlotData::Column> &columns) const
{
    image->fill(Qt::transparent);
    if (columns.empty() || image->isNull())
        return;
    QPainter painter(image);
    if (hasBars)
        paintBars(&painter, image->size(), columns);
    else if (static_cast<int>(columns.size()) < image->width())
        paintLine(&painter, image->size(), columns);
    else
        paintColumns(&painter, image->size(), columns);
}

double PlotPainter::toPlace(double value) const
{
    // Halve only if the span overflows: denormal numbers cannot be halved. If the minimum is above the maximum, the
    // plot is upside down.
    const double scale = std::isfinite(maximum - minimum) ? 1 : 0.5;
    const double span = maximum * scale - minimum * scale;
    const double above = value * scale - minimum * scale;
    double place = above / span;
    if (span == 0)
        place = above == 0 ? 0.5 : std::copysign(std::numeric_limits<double>::infinity(), above);
    return std::clamp(place, -FarAway, FarAway);
}

double PlotPainter::placeToY(double place, int height) const
{
    const double margin = hasBars ? 0 : std::min(lineWidth, static_cast<double>(height)) / 2;
    const double space = height - 2 * margin;
    // Clamp invisible places, since QPainter does not handle large coordinates well.
    return margin + space * (1 - std::clamp(place, LeastPlace, GreatestPlace));
}

double PlotPainter::toY(double value, int height) const
{
    return placeToY(toPlace(value), height);
}

PlotPainter::Span PlotPainter::toSpan(const PlotData::Column &column, int height) const
{
    const auto [top, bottom] = std::minmax({toY(column.high, height), toY(column.low, height)});
    return {top, bottom};
}

double PlotPainter::baseY(int height) const
{
    return toY(std::clamp(0.0, std::min(minimum, maximum), std::max(minimum, maximum)), height);
}

void PlotPainter::paintBars(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const
{
    constexpr double GapShare = 0.2;
    constexpr double LeastWidthWithGap = 4;
    const double base = std::round(baseY(size.height()));
    const double step = static_cast<double>(size.width()) / static_cast<double>(columns.size());
    const double gap = step >= LeastWidthWithGap ? std::round(step * GapShare) : 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const PlotData::Column &column = columns[i];
        if (std::isnan(column.low))
            continue;
        // Whole pixels give bars of equal width with sharp edges.
        const double left = std::round(step * static_cast<double>(i) + gap / 2);
        const double right = std::max(std::round(step * static_cast<double>(i + 1) - gap / 2), left + 1);
        const Span span = toSpan(column, size.height());
        double top = std::min(std::round(span.top), base);
        double bottom = std::max(std::round(span.bottom), base);
        // Draw at least one pixel, so that 0 differs from a gap.
        if (bottom - top < 1) {
            top = std::min(top, size.height() - 1.0);
            bottom = top + 1;
        }
        painter->fillRect(QRectF(left, top, right - left, bottom - top), color);
    }
}

void PlotPainter::paintColumns(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const
{
    const int height = size.height();
    const double thickness = std::max(lineWidth, 1.0);
    const double base = baseY(height);
    const bool isFilled = fill.alpha() > 0;
    const PlotData::Column *previous = nullptr;
    auto column = columns.cbegin();
    if (isFilled) {
        for (int x = 0; column != columns.cend(); ++column, ++x) {
            if (std::isnan(column->low))
                continue;
            const Span span = toSpan(*column, height);
            const double top = std::min(span.top, base);
            const double bottom = std::max(span.bottom, base);
            painter->fillRect(QRectF(x, top, 1, bottom - top), fill);
        }
    }
    column = columns.cbegin();
    for (int x = 0; column != columns.cend(); ++column, ++x) {
        if (std::isnan(column->low)) {
            previous = nullptr;
            continue;
        }
        // Extend to the neighbour, so that the line has no gaps.
        const double low = previous ? std::min(column->low, previous->high) : column->low;
        const double high = previous ? std::max(column->high, previous->low) : column->high;
        const Span span = toSpan({low, high}, height);
        const double top = std::floor(span.top - thickness / 2);
        const double bottom = std::max(std::ceil(span.bottom + thickness / 2), top + 1);
        painter->fillRect(QRectF(x - std::floor((thickness - 1) / 2), top, std::ceil(thickness), bottom - top), color);
        previous = &*column;
    }
}

void PlotPainter::paintLine(QPainter *painter, QSize size, const std::vector<PlotData::Column> &columns) const
{
    painter->setRenderHint(QPainter::Antialiasing);
    const double step = columns.size() > 1 ? static_cast<double>(size.width()) / static_cast<double>(columns.size() - 1)
                                           : 0;
    const double start = columns.size() > 1 ? 0 : size.width() / 2.0;
    QPolygonF stretch;
    QPointF previous; // y is the place
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!std::isnan(columns[i].low)) {
            const auto [low, high] = columns[i];
            const double middle = low == high ? low : low / 2 + high / 2;
            const QPointF next(start + step * static_cast<double>(i), toPlace(middle));
            if (!stretch.isEmpty())
                appendCrossings(&stretch, previous, next, size.height());
            stretch.append({next.x(), placeToY(next.y(), size.height())});
            previous = next;
            continue;
        }
        paintStretch(painter, size, stretch);
        stretch.clear();
    }
    paintStretch(painter, size, stretch);
}

void PlotPainter::appendCrossings(QPolygonF *stretch, QPointF from, QPointF to, int height) const
{
    // Values far outside are clamped; the crossings keep the slope of the line inside.
    const bool isUp = from.y() < to.y();
    for (const double place : {isUp ? LeastPlace : GreatestPlace, isUp ? GreatestPlace : LeastPlace}) {
        const double share = (place - from.y()) / (to.y() - from.y());
        if (share > 0 && share < 1)
            stretch->append({from.x() + share * (to.x() - from.x()), placeToY(place, height)});
    }
}

void PlotPainter::paintStretch(QPainter *painter, QSize size, const QPolygonF &points) const
{
    if (points.isEmpty())
        return;
    if (fill.alpha() > 0 && points.size() > 1) {
        const double base = baseY(size.height());
        QPolygonF area = points;
        area.append({points.constLast().x(), base});
        area.append({points.constFirst().x(), base});
        painter->setPen(Qt::NoPen);
        painter->setBrush(fill);
        painter->drawPolygon(area);
    }
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(color, std::max(lineWidth, 0.5), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    if (points.size() == 1) {
        // Keep the dot inside the image at the left and right edges.
        const double width = std::max(lineWidth, 1.0);
        const double half = std::min(width, static_cast<double>(size.width())) / 2;
        const QPointF point(std::clamp(points.constFirst().x(), half, size.width() - half), points.constFirst().y());
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawEllipse(point, width / 2, width / 2);
    } else {
        painter->drawPolyline(points);
    }
}
