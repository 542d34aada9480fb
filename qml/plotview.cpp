// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotview_p.h"

#include <QtCore/QDateTime>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace {

/// Finite, so that arithmetic with it gives no NaN.
constexpr double MostShare = 1e15;

/// Returns where a number lies: 0 at the start of the range, 1 at its end.
double toShare(double value, PlotView::Range range)
{
    // Halve only if the span overflows: denormal numbers cannot be halved.
    const double scale = std::isfinite(range.span()) ? 1 : 0.5;
    const double span = range.to * scale - range.from * scale;
    const double above = value * scale - range.from * scale;
    double share = above / span;
    if (span == 0)
        share = above == 0 ? 0.5 : std::copysign(std::numeric_limits<double>::infinity(), above);
    return std::clamp(share, -MostShare, MostShare);
}

double fromShare(double share, PlotView::Range range)
{
    return range.from * (1 - share) + range.to * share;
}

bool isFinite(PlotView::Range range)
{
    return std::isfinite(range.from) && std::isfinite(range.to);
}

} // namespace

PlotView::PlotView(QObject *parent)
    : QObject(parent)
    , m_timeOrigin(QDateTime::currentMSecsSinceEpoch() / 1000 * 1000)
{
}

void PlotView::setPlotArea(const QRectF &plotArea)
{
    if (std::exchange(m_plotArea, plotArea) != plotArea)
        Q_EMIT changed();
}

void PlotView::setScale(Scale scale)
{
    const bool isFirst = !std::exchange(m_hasScale, true);
    if (std::exchange(m_scale, scale) == scale)
        return;
    if (!isFirst)
        m_followsX = true;
    else if (!m_followsX && scale == Scale::Time)
        m_x = {fromTime(m_x.from), fromTime(m_x.to)};
    Q_EMIT changed();
}

double PlotView::toX(qint64 nanoseconds) const
{
    constexpr qint64 PerMillisecond = 1'000'000;
    const qint64 milliseconds = nanoseconds / PerMillisecond - m_timeOrigin;
    return static_cast<double>(milliseconds) * 1e-3 + static_cast<double>(nanoseconds % PerMillisecond) * 1e-9;
}

void PlotView::followX(Range range)
{
    if (!m_followsX || !isFinite(range))
        return;
    if (m_x.isReversed())
        std::swap(range.from, range.to);
    if (std::exchange(m_x, range) != range)
        Q_EMIT changed();
}

void PlotView::followY(Range range)
{
    if (m_followsY && isFinite(range) && std::exchange(m_y, range) != range)
        Q_EMIT changed();
}

void PlotView::holdX(Range range)
{
    if (hold(range, &m_x, &m_followsX))
        Q_EMIT changed();
}

void PlotView::holdY(Range range)
{
    if (hold(range, &m_y, &m_followsY))
        Q_EMIT changed();
}

void PlotView::hold(Range x, Range y)
{
    const bool isOtherX = hold(x, &m_x, &m_followsX);
    const bool isOtherY = hold(y, &m_y, &m_followsY);
    if (isOtherX || isOtherY)
        Q_EMIT changed();
}

bool PlotView::hold(Range range, Range *held, bool *follows)
{
    if (!isFinite(range))
        return false;
    const bool followed = std::exchange(*follows, false);
    return std::exchange(*held, range) != range || followed;
}

void PlotView::releaseX()
{
    if (!std::exchange(m_followsX, true))
        Q_EMIT changed();
}

void PlotView::releaseY()
{
    if (!std::exchange(m_followsY, true))
        Q_EMIT changed();
}

double PlotView::toPixelX(double x) const
{
    return m_plotArea.left() + toShare(x, m_x) * m_plotArea.width();
}

double PlotView::toPixelY(double y) const
{
    return m_plotArea.bottom() - toShare(y, m_y) * m_plotArea.height();
}

double PlotView::fromPixelX(double pixel) const
{
    return m_plotArea.width() > 0 ? fromShare((pixel - m_plotArea.left()) / m_plotArea.width(), m_x) : m_x.from;
}

double PlotView::fromPixelY(double pixel) const
{
    return m_plotArea.height() > 0 ? fromShare((m_plotArea.bottom() - pixel) / m_plotArea.height(), m_y) : m_y.from;
}
