// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotaxes.h"

#include "plotview_p.h"
#include "sharedplot.h"

#include <QtGui/QGuiApplication>
#include <QtGui/QPalette>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 ShrinkDelay = 2000; // ms
constexpr double BehindData = -1;    // z

/// Returns what all series have in common, or an empty text.
template<typename Read>
QString common(const QList<SharedSeries *> &series, Read read)
{
    const QString first = series.isEmpty() ? QString() : (series.constFirst()->*read)();
    const auto isSame = [&](const SharedSeries *other) { return (other->*read)() == first; };
    return std::all_of(series.cbegin(), series.cend(), isSame) ? first : QString();
}

} // namespace

PlotAxes::PlotAxes(SharedPlot *plot, PlotView *view)
    : PlotShapesItem(plot)
    , m_plot(plot)
    , m_view(view)
    , m_grid(new PlotShapesItem(plot))
    , m_texts(std::make_shared<TextSizes>(m_axesFont))
{
    m_grid->setZ(BehindData);
    connect(view, &PlotView::changed, this, &PlotAxes::redraw);
    connect(plot, &QQuickItem::widthChanged, this, &PlotAxes::resetMargins);
    connect(plot, &QQuickItem::heightChanged, this, &PlotAxes::redraw);
    connect(plot, &SharedPlot::seriesAdded, this, &PlotAxes::followSeries);
    connect(plot, &SharedPlot::seriesRemoved, this, [this](SharedSeries *series) {
        series->disconnect(this);
        Q_EMIT titlesChanged();
    });
    connect(this, &PlotAxes::titlesChanged, this, &PlotAxes::redraw);
    connect(this, &PlotAxes::colorsChanged, this, &PlotAxes::redraw);
    // The palette of an item is known to QML alone.
    if (plot->metaObject()->indexOfSignal("paletteChanged()") >= 0)
        connect(plot, SIGNAL(paletteChanged()), this, SLOT(followPalette()));
}

void PlotAxes::followSeries(QObject *series)
{
    const auto *const added = static_cast<SharedSeries *>(series);
    connect(added, &SharedSeries::labelChanged, this, &PlotAxes::titlesChanged);
    connect(added, &SharedSeries::unitChanged, this, &PlotAxes::titlesChanged);
    Q_EMIT titlesChanged();
}

void PlotAxes::followPalette()
{
    Q_EMIT colorsChanged();
}

void PlotAxes::redraw()
{
    if (!m_isPlacing)
        polish();
}

void PlotAxes::resetMargins()
{
    m_left = {};
    m_right = {};
    redraw();
}

void PlotAxes::setHasAxes(bool hasAxes)
{
    m_hasAxes = hasAxes;
    resetMargins();
}

void PlotAxes::setHasGrid(bool hasGrid)
{
    m_hasGrid = hasGrid;
    redraw();
}

QString PlotAxes::xTitle() const
{
    if (m_xTitle)
        return *m_xTitle;
    return m_view->scale() == PlotView::Scale::Seconds ? u"s"_s : QString();
}

void PlotAxes::setXTitle(const std::optional<QString> &title)
{
    m_xTitle = title;
    Q_EMIT titlesChanged();
}

QString PlotAxes::yTitle() const
{
    if (m_yTitle)
        return *m_yTitle;
    const QList<SharedSeries *> series = m_plot->series();
    const QString label = common(series, &SharedSeries::label);
    const QString unit = common(series, &SharedSeries::unit);
    if (label.isEmpty() || unit.isEmpty())
        return label + unit;
    return label + u" ["_s + unit + u']';
}

void PlotAxes::setYTitle(const std::optional<QString> &title)
{
    m_yTitle = title;
    Q_EMIT titlesChanged();
}

QColor PlotAxes::textColor() const
{
    if (m_textColor)
        return *m_textColor;
    const auto *const palette = m_plot->property("palette").value<QObject *>();
    const QVariant color = palette ? palette->property("windowText") : QVariant();
    return color.isValid() ? color.value<QColor>() : QGuiApplication::palette().color(QPalette::WindowText);
}

void PlotAxes::setTextColor(const std::optional<QColor> &color)
{
    m_textColor = color;
    Q_EMIT colorsChanged();
}

QColor PlotAxes::gridColor() const
{
    if (m_gridColor)
        return *m_gridColor;
    constexpr float GridOpacity = 0.16F;
    QColor color = textColor();
    color.setAlphaF(color.alphaF() * GridOpacity);
    return color;
}

void PlotAxes::setGridColor(const std::optional<QColor> &color)
{
    m_gridColor = color;
    Q_EMIT colorsChanged();
}

void PlotAxes::setAxesFont(const QFont &font)
{
    m_axesFont = font;
    m_texts = std::make_shared<TextSizes>(font);
    setFont(font);
    resetMargins();
}

double PlotAxes::toPublic(const PlotView &view, double x)
{
    return view.scale() == PlotView::Scale::Time ? view.toTime(x) : x;
}

double PlotAxes::fromPublic(const PlotView &view, double x)
{
    return view.scale() == PlotView::Scale::Time ? view.fromTime(x) : x;
}

AxesLayout PlotAxes::layout() const
{
    constexpr double PerSecond = 1000;
    AxesLayout result;
    result.size = m_plot->size();
    result.texts = m_texts;
    const PlotView::Range x = m_view->xRange();
    const PlotView::Range y = m_view->yRange();
    result.x = {x.from, x.to};
    result.y = {y.from, y.to};
    switch (m_view->scale()) {
    case PlotView::Scale::Index:
        result.kind = PlotTicks::Kind::Index;
        break;
    case PlotView::Scale::Seconds:
        result.kind = PlotTicks::Kind::Seconds;
        break;
    case PlotView::Scale::Time:
        result.kind = PlotTicks::Kind::Time;
        result.x = {m_view->toTime(x.from) / PerSecond, m_view->toTime(x.to) / PerSecond};
        break;
    }
    result.xTitle = xTitle();
    result.yTitle = yTitle();
    result.hasAxes = m_hasAxes;
    result.hasGrid = m_hasGrid;
    result.textColor = textColor();
    result.gridColor = gridColor();
    return result;
}

double PlotAxes::LazyMargin::adapt(double needed)
{
    if (needed >= m_value || !m_sinceNeeded.isValid() || m_sinceNeeded.hasExpired(ShrinkDelay)) {
        m_value = needed;
        m_sinceNeeded.start();
    }
    return m_value;
}

void PlotAxes::updatePolish()
{
    const AxesLayout axes = layout();
    QMarginsF margins = axes.margins();
    margins.setLeft(m_left.adapt(margins.left()));
    margins.setRight(m_right.adapt(margins.right()));
    // By way of marginsChanged(), the view has its new area before the axes are placed in it.
    m_isPlacing = true;
    if (std::exchange(m_margins, margins) != margins)
        Q_EMIT marginsChanged();
    m_isPlacing = false;
    const AxesLayout::Result result = axes.place(m_view->plotArea());
    m_grid->setShapes(result.behind);
    setShapes(result.beside);
}
