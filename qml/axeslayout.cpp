// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "axeslayout.h"

#include <QtCore/QStringList>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace {

// In pixels.
constexpr double TickLength = 4;
constexpr double TextDistance = 4; // of a label and its tick
constexpr double EdgeDistance = 2; // of texts and the plot's edges
constexpr double LeastWidth = 80;
// In lines of text.
constexpr double LeastLines = 4;
constexpr double LeastYGap = 1.25;
constexpr double LeastYGapOfTwo = 0.25;
// In widths of a digit.
constexpr double LeastXGap = 3;

double lineHeight(const QFontMetricsF &metrics)
{
    return std::ceil(metrics.ascent()) + std::ceil(metrics.descent());
}

/// Returns the height of a digit: labels are centred by it, since a line of text has space for accents and descenders, too.
double digitHeight(const QFontMetricsF &metrics)
{
    return metrics.tightBoundingRect(u"0"_s).height();
}

/// Returns the space between the x axis and its labels, which are below half of the lowest label of the y axis.
double distanceBelow(const QFontMetricsF &metrics)
{
    return std::max(TickLength + TextDistance, std::ceil(digitHeight(metrics) / 2) + TextDistance - 1);
}

double widest(const QFontMetricsF &metrics, const PlotTicks &ticks)
{
    double result = 0;
    for (const PlotTick &tick : ticks.major)
        result = std::max(result, metrics.horizontalAdvance(tick.text));
    return result;
}

QString joined(const QString &title, const QString &caption)
{
    return title.isEmpty() || caption.isEmpty() ? title + caption : title + u"  "_s + caption;
}

/// Returns where a number lies on a range, 0 to 1. In halves: the span may exceed the greatest double.
double shareOf(double value, AxesLayout::Range range)
{
    return (value / 2 - range.from / 2) / (range.to / 2 - range.from / 2);
}

} // namespace

bool AxesLayout::hasSpace() const
{
    return size.width() >= LeastWidth && size.height() >= LeastLines * lineHeight(QFontMetricsF(font));
}

PlotTicks AxesLayout::xTicks(const QFontMetricsF &metrics, double length) const
{
    PlotTicks::Axis axis;
    axis.from = x.from;
    axis.to = x.to;
    axis.length = length;
    axis.gap = LeastXGap * metrics.horizontalAdvance(u'0');
    axis.kind = kind;
    axis.extent = [&](const QString &text) { return metrics.horizontalAdvance(text); };
    axis.locale = locale;
    return PlotTicks::of(axis);
}

PlotTicks AxesLayout::yTicks(const QFontMetricsF &metrics, double length) const
{
    PlotTicks::Axis axis;
    axis.from = y.from;
    axis.to = y.to;
    axis.length = length;
    axis.gap = LeastYGap * lineHeight(metrics);
    axis.extent = [height = digitHeight(metrics)](const QString &) { return height; };
    axis.locale = locale;
    PlotTicks ticks = PlotTicks::of(axis);
    if (ticks.major.size() >= 2)
        return ticks;
    // One number tells nothing of the scale.
    axis.gap = LeastYGapOfTwo * lineHeight(metrics);
    return PlotTicks::of(axis);
}

QMarginsF AxesLayout::margins() const
{
    if (!hasAxes || !hasSpace())
        return {};
    const QFontMetricsF metrics(font);
    const double line = lineHeight(metrics);
    // The captions depend on the ranges alone, so a guess of the length is enough for them.
    const PlotTicks horizontal = xTicks(metrics, size.width());
    const bool hasXTitle = !joined(xTitle, horizontal.caption).isEmpty();
    const double below = hasXTitle ? TextDistance + line : std::ceil(metrics.descent());
    const double bottom = distanceBelow(metrics) + digitHeight(metrics) + below + EdgeDistance;
    const PlotTicks vertical = yTicks(metrics, size.height() - bottom - line);
    const bool hasYTitle = !joined(yTitle, vertical.caption).isEmpty();
    const double top = (hasYTitle ? line + EdgeDistance : 0) + digitHeight(metrics) / 2 + EdgeDistance;
    const double half = widest(metrics, horizontal) / 2 + EdgeDistance;
    const double left = std::max(EdgeDistance + widest(metrics, vertical) + TextDistance + TickLength, half);
    // The data keep at least half of the width.
    const double most = size.width() / 4;
    return QMarginsF(std::ceil(std::min(left, most)), std::ceil(top), std::ceil(std::min(half, most)),
                     std::ceil(bottom));
}

AxesLayout::Result AxesLayout::place(const QRectF &area) const
{
    Result result;
    if (!area.isValid() || area.isEmpty())
        return result;
    const QFontMetricsF metrics(font);
    placeX(metrics, area, &result);
    placeY(metrics, area, &result);
    return result;
}

void AxesLayout::placeX(const QFontMetricsF &metrics, const QRectF &area, Result *result) const
{
    const PlotTicks ticks = xTicks(metrics, area.width());
    const auto toPixel = [&](double value) { return area.left() + shareOf(value, x) * area.width(); };
    if (hasGrid) {
        QColor minorColor = gridColor;
        minorColor.setAlphaF(gridColor.alphaF() * 0.4F);
        for (const double value : ticks.minor)
            result->behind.rectangles.append({QRectF(toPixel(value), area.top(), 1, area.height()), minorColor});
        for (const PlotTick &tick : ticks.major)
            result->behind.rectangles.append({QRectF(toPixel(tick.value), area.top(), 1, area.height()), gridColor});
    }
    if (!hasAxes || !hasSpace())
        return;
    QColor lineColor = textColor;
    lineColor.setAlphaF(textColor.alphaF() * 0.5F);
    result->beside.rectangles.append({QRectF(area.left(), area.bottom(), area.width(), 1), lineColor});
    const double digits = digitHeight(metrics);
    const double baseline = area.bottom() + distanceBelow(metrics) + digits;
    for (const PlotTick &tick : ticks.major) {
        const double width = metrics.horizontalAdvance(tick.text);
        const double left = toPixel(tick.value) - width / 2;
        if (left < 0 || left + width > size.width())
            continue; // A label that is cut would be another number.
        result->beside.rectangles.append({QRectF(toPixel(tick.value), area.bottom(), 1, TickLength), lineColor});
        result->beside.texts.append({tick.text, QPointF(left, baseline), textColor});
        result->textAreas.append(QRectF(left, baseline - digits, width, digits));
    }
    const QString title = metrics.elidedText(joined(xTitle, ticks.caption), Qt::ElideRight, area.width());
    if (title.isEmpty())
        return;
    const double width = metrics.horizontalAdvance(title);
    const QPointF place(area.center().x() - width / 2, size.height() - EdgeDistance - std::ceil(metrics.descent()));
    result->beside.texts.append({title, place, textColor});
    result->textAreas.append(QRectF(place.x(), place.y() - digits, width, digits));
}

void AxesLayout::placeY(const QFontMetricsF &metrics, const QRectF &area, Result *result) const
{
    const PlotTicks ticks = yTicks(metrics, area.height());
    const auto toPixel = [&](double value) { return area.bottom() - shareOf(value, y) * area.height(); };
    if (hasGrid) {
        for (const PlotTick &tick : ticks.major)
            result->behind.rectangles.append({QRectF(area.left(), toPixel(tick.value), area.width(), 1), gridColor});
    }
    if (!hasAxes || !hasSpace())
        return;
    QColor lineColor = textColor;
    lineColor.setAlphaF(textColor.alphaF() * 0.5F);
    const double digits = digitHeight(metrics);
    const double right = area.left() - TickLength - TextDistance;
    for (const PlotTick &tick : ticks.major) {
        const double width = metrics.horizontalAdvance(tick.text);
        const double middle = toPixel(tick.value);
        result->beside.rectangles.append({QRectF(area.left() - TickLength, middle, TickLength, 1), lineColor});
        if (right - width < 0)
            continue;
        const QPointF place(right - width, middle + digits / 2);
        result->beside.texts.append({tick.text, place, textColor});
        result->textAreas.append(QRectF(place.x(), place.y() - digits, width, digits));
    }
    const QString title =
        metrics.elidedText(joined(yTitle, ticks.caption), Qt::ElideRight, size.width() - EdgeDistance * 2);
    if (title.isEmpty())
        return;
    const QPointF place(EdgeDistance, std::ceil(metrics.ascent()));
    result->beside.texts.append({title, place, textColor});
    result->textAreas.append(QRectF(place.x(), place.y() - digits, metrics.horizontalAdvance(title), digits));
}
