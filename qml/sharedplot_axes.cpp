// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The axes, the cursor and the user's view of a SharedPlot.

#include "sharedplot.h"

#include "plotaxes.h"
#include "plotcursor.h"
#include "plotinput.h"
#include "plotlegend.h"
#include "sharedplot_p.h"

#include <QtGui/QKeyEvent>

#include <cmath>
#include <limits>
#include <utility>

void SharedPlotPrivate::addAxes()
{
    m_toldCursorX = std::numeric_limits<double>::quiet_NaN();
    m_axes = new PlotAxes(q, &m_view);
    m_cursor = new PlotCursor(q, &m_view);
    m_input = new PlotInput(q, &m_view, m_cursor);
    m_legend = new PlotLegend(q, &m_view, m_cursor);
    m_cursor->setColor(m_axes->textColor());
    QObject::connect(m_axes, &PlotAxes::marginsChanged, q, [this] { layOut(); });
    QObject::connect(m_axes, &PlotAxes::titlesChanged, q, &SharedPlot::xLabelChanged);
    QObject::connect(m_axes, &PlotAxes::titlesChanged, q, &SharedPlot::yLabelChanged);
    QObject::connect(m_axes, &PlotAxes::colorsChanged, q, [this] {
        m_cursor->setColor(m_axes->textColor());
        Q_EMIT q->textColorChanged();
        Q_EMIT q->gridColorChanged();
    });
    QObject::connect(&m_view, &PlotView::changed, q, [this] { tellRange(); });
    QObject::connect(m_cursor, &PlotCursor::shownChanged, q, &SharedPlot::cursorVisibleChanged);
    QObject::connect(m_cursor, &PlotCursor::moved, q, [this] {
        const double x = q->cursorX();
        const double told = std::exchange(m_toldCursorX, x);
        if (told != x && !(std::isnan(told) && std::isnan(x)))
            Q_EMIT q->cursorXChanged();
    });
}

QMarginsF SharedPlotPrivate::margins() const
{
    return m_axes ? m_axes->margins() : QMarginsF();
}

void SharedPlotPrivate::tellRange()
{
    const PlotView::Range range{q->xMinimum(), q->xMaximum()};
    const PlotView::Range told = std::exchange(m_toldRange, range);
    if (told.from != range.from)
        Q_EMIT q->xMinimumChanged();
    if (told.to != range.to)
        Q_EMIT q->xMaximumChanged();
    const bool isFollowing = q->isFollowing();
    if (std::exchange(m_toldFollowing, isFollowing) != isFollowing)
        Q_EMIT q->followingChanged();
}

bool SharedPlot::axesVisible() const
{
    return d->m_axes->hasAxes();
}

void SharedPlot::setAxesVisible(bool visible)
{
    if (axesVisible() == visible)
        return;
    d->m_axes->setHasAxes(visible);
    Q_EMIT axesVisibleChanged();
}

bool SharedPlot::gridVisible() const
{
    return d->m_axes->hasGrid();
}

void SharedPlot::setGridVisible(bool visible)
{
    if (gridVisible() == visible)
        return;
    d->m_axes->setHasGrid(visible);
    Q_EMIT gridVisibleChanged();
}

QString SharedPlot::xLabel() const
{
    return d->m_axes->xTitle();
}

void SharedPlot::setXLabel(const QString &label)
{
    d->m_axes->setXTitle(label);
}

void SharedPlot::resetXLabel()
{
    d->m_axes->setXTitle({});
}

QString SharedPlot::yLabel() const
{
    return d->m_axes->yTitle();
}

void SharedPlot::setYLabel(const QString &label)
{
    d->m_axes->setYTitle(label);
}

void SharedPlot::resetYLabel()
{
    d->m_axes->setYTitle({});
}

QColor SharedPlot::textColor() const
{
    return d->m_axes->textColor();
}

void SharedPlot::setTextColor(const QColor &color)
{
    d->m_axes->setTextColor(color);
}

void SharedPlot::resetTextColor()
{
    d->m_axes->setTextColor({});
}

QColor SharedPlot::gridColor() const
{
    return d->m_axes->gridColor();
}

void SharedPlot::setGridColor(const QColor &color)
{
    d->m_axes->setGridColor(color);
}

void SharedPlot::resetGridColor()
{
    d->m_axes->setGridColor({});
}

QFont SharedPlot::font() const
{
    return d->m_axes->font();
}

void SharedPlot::setFont(const QFont &font)
{
    if (d->m_axes->font() == font)
        return;
    d->m_axes->setAxesFont(font);
    Q_EMIT fontChanged();
}

double SharedPlot::xMinimum() const
{
    return PlotAxes::toPublic(d->m_view, d->m_view.xRange().from);
}

void SharedPlot::setXMinimum(double minimum)
{
    // What another plot tells is the same number after a rounding, and would begin a dispute.
    if (minimum != xMinimum())
        d->m_view.holdX({PlotAxes::fromPublic(d->m_view, minimum), d->m_view.xRange().to});
}

double SharedPlot::xMaximum() const
{
    return PlotAxes::toPublic(d->m_view, d->m_view.xRange().to);
}

void SharedPlot::setXMaximum(double maximum)
{
    if (maximum != xMaximum())
        d->m_view.holdX({d->m_view.xRange().from, PlotAxes::fromPublic(d->m_view, maximum)});
}

bool SharedPlot::isFollowing() const
{
    return d->m_view.followsX() && d->m_view.followsY();
}

void SharedPlot::setFollowing(bool following)
{
    if (following == isFollowing())
        return;
    if (following)
        d->m_input->followData();
    else
        d->m_view.hold(d->m_view.xRange(), d->m_view.yRange());
}

bool SharedPlot::panEnabled() const
{
    return d->m_input->canPan();
}

void SharedPlot::setPanEnabled(bool enabled)
{
    if (panEnabled() == enabled)
        return;
    d->m_input->setCanPan(enabled);
    Q_EMIT panEnabledChanged();
}

bool SharedPlot::zoomEnabled() const
{
    return d->m_input->canZoom();
}

void SharedPlot::setZoomEnabled(bool enabled)
{
    if (zoomEnabled() == enabled)
        return;
    d->m_input->setCanZoom(enabled);
    Q_EMIT zoomEnabledChanged();
}

bool SharedPlot::cursorEnabled() const
{
    return d->m_input->hasCursor();
}

void SharedPlot::setCursorEnabled(bool enabled)
{
    if (cursorEnabled() == enabled)
        return;
    d->m_input->setHasCursor(enabled);
    Q_EMIT cursorEnabledChanged();
}

bool SharedPlot::isCursorVisible() const
{
    return d->m_cursor->isShown();
}

void SharedPlot::setCursorVisible(bool visible)
{
    if (visible)
        d->m_cursor->show();
    else
        d->m_cursor->hide();
}

double SharedPlot::cursorX() const
{
    return PlotAxes::toPublic(d->m_view, d->m_cursor->x());
}

void SharedPlot::setCursorX(double x)
{
    if (!std::isfinite(x))
        d->m_cursor->hide();
    else if (x != cursorX())
        d->m_cursor->showAtX(PlotAxes::fromPublic(d->m_view, x));
}

QAbstractItemModel *SharedPlot::legend() const
{
    return d->m_legend;
}

void SharedPlot::keyPressEvent(QKeyEvent *event)
{
    const bool isPlain = !(event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier));
    event->setAccepted(isPlain && d->m_input->handleKey(event->key()));
}
