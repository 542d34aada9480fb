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

/// Returns the space between the x axis and its labels, which are below half of the lowest label of the y axis.
double distanceBelow(const TextSizes &texts)
{
    return std::max(TickLength + TextDistance, std::ceil(texts.digitHeight / 2) + TextDistance - 1);
}

double widest(TextSizes &texts, const PlotTicks &ticks)
{
    double result = 0;
    for (const PlotTick &tick : ticks.major)
        result = std::max(result, texts.width(tick.text));
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
    return size.width() >= LeastWidth && size.height() >= LeastLines * texts->lineHeight();
}

PlotTicks AxesLayout::xTicks(double length) const
{
    PlotTicks::Axis axis;
    axis.from = x.from;
    axis.to = x.to;
    axis.length = length;
    axis.gap = LeastXGap * texts->width(u"0"_s);
    axis.kind = kind;
    axis.extent = [&](const QString &text) { return texts->width(text); };
    axis.locale = locale;
    return PlotTicks::of(axis);
}

PlotTicks AxesLayout::yTicks(double length) const
{
    PlotTicks::Axis axis;
    axis.from = y.from;
    axis.to = y.to;
    axis.length = length;
    axis.gap = LeastYGap * texts->lineHeight();
    axis.extent = [height = texts->digitHeight](const QString &) { return height; };
    axis.locale = locale;
    PlotTicks ticks = PlotTicks::of(axis);
    if (ticks.major.size() >= 2)
        return ticks;
    // One number tells nothing of the scale.
    axis.gap = LeastYGapOfTwo * texts->lineHeight();
    return PlotTicks::of(axis);
}

QMarginsF AxesLayout::margins() const
{
    if (!hasAxes || !hasSpace())
        return {};
    const double line = texts->lineHeight();
    // The captions depend on the ranges alone, so a guess of the length is enough for them.
    const PlotTicks horizontal = xTicks(size.width());
    const bool hasXTitle = !joined(xTitle, horizontal.caption).isEmpty();
    const double below = hasXTitle ? TextDistance + line : texts->descent;
    const double bottom = distanceBelow(*texts) + texts->digitHeight + below + EdgeDistance;
    const PlotTicks vertical = yTicks(size.height() - bottom - line);
    const bool hasYTitle = !joined(yTitle, vertical.caption).isEmpty();
    const double top = (hasYTitle ? line + EdgeDistance : 0) + texts->digitHeight / 2 + EdgeDistance;
    const double half = widest(*texts, horizontal) / 2 + EdgeDistance;
    const double left = std::max(EdgeDistance + widest(*texts, vertical) + TextDistance + TickLength, half);
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
    placeX(area, &result);
    placeY(area, &result);
    return result;
}

void AxesLayout::placeX(const QRectF &area, Result *result) const
{
    const PlotTicks ticks = xTicks(area.width());
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
    const double digits = texts->digitHeight;
    const double baseline = area.bottom() + distanceBelow(*texts) + digits;
    for (const PlotTick &tick : ticks.major) {
        const double width = texts->width(tick.text);
        const double left = toPixel(tick.value) - width / 2;
        if (left < 0 || left + width > size.width())
            continue; // A label that is cut would be another number.
        result->beside.rectangles.append({QRectF(toPixel(tick.value), area.bottom(), 1, TickLength), lineColor});
        result->beside.texts.append({tick.text, QPointF(left, baseline), textColor});
        result->textAreas.append(QRectF(left, baseline - digits, width, digits));
    }
    const QString title = texts->elided(joined(xTitle, ticks.caption), area.width());
    if (title.isEmpty())
        return;
    const double width = texts->width(title);
    const QPointF place(area.center().x() - width / 2, size.height() - EdgeDistance - texts->descent);
    result->beside.texts.append({title, place, textColor});
    result->textAreas.append(QRectF(place.x(), place.y() - digits, width, digits));
}

void AxesLayout::placeY(const QRectF &area, Result *result) const
{
    const PlotTicks ticks = yTicks(area.height());
    const auto toPixel = [&](double value) { return area.bottom() - shareOf(value, y) * area.height(); };
    if (hasGrid) {
        for (const PlotTick &tick : ticks.major)
            result->behind.rectangles.append({QRectF(area.left(), toPixel(tick.value), area.width(), 1), gridColor});
    }
    if (!hasAxes || !hasSpace())
        return;
    QColor lineColor = textColor;
    lineColor.setAlphaF(textColor.alphaF() * 0.5F);
    const double digits = texts->digitHeight;
    const double right = area.left() - TickLength - TextDistance;
    for (const PlotTick &tick : ticks.major) {
        const double width = texts->width(tick.text);
        const double middle = toPixel(tick.value);
        result->beside.rectangles.append({QRectF(area.left() - TickLength, middle, TickLength, 1), lineColor});
        if (right - width < 0)
            continue;
        const QPointF place(right - width, middle + digits / 2);
        result->beside.texts.append({tick.text, place, textColor});
        result->textAreas.append(QRectF(place.x(), place.y() - digits, width, digits));
    }
    const QString title = texts->elided(joined(yTitle, ticks.caption), size.width() - EdgeDistance * 2);
    if (title.isEmpty())
        return;
    const QPointF place(EdgeDistance, texts->ascent);
    result->beside.texts.append({title, place, textColor});
    result->textAreas.append(QRectF(place.x(), place.y() - digits, texts->width(title), digits));
}
