// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotlegend.h"

#include "plotcursor.h"
#include "plotview_p.h"
#include "sharedplot.h"
#include "sharedseries_p.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

PlotLegend::PlotLegend(SharedPlot *plot, PlotView *view, PlotCursor *cursor)
    : QAbstractListModel(plot)
    , m_plot(plot)
    , m_view(view)
    , m_cursor(cursor)
{
    connect(plot, &SharedPlot::seriesAdded, this, &PlotLegend::add);
    connect(plot, &SharedPlot::seriesRemoved, this, &PlotLegend::remove);
    connect(cursor, &PlotCursor::valuesChanged, this, &PlotLegend::refresh);
}

void PlotLegend::add(SharedSeries *series)
{
    const auto row = static_cast<int>(m_rows.size());
    beginInsertRows({}, row, row);
    m_rows.append({series, QVariant(), QString()});
    endInsertRows();
    connect(series, &SharedSeries::labelChanged, this, [this, series] { notify(series, LabelRole); });
    connect(series, &SharedSeries::unitChanged, this, [this, series] {
        notify(series, UnitRole);
        refresh();
    });
    connect(series, &SharedSeries::colorChanged, this, [this, series] { notify(series, ColorRole); });
    connect(series, &QQuickItem::visibleChanged, this, [this, series] { notify(series, ShownRole); });
    connect(series, &SharedSeries::segmentChanged, this, [this, series] {
        followAge(series);
        notify(series, StaleRole);
    });
    followAge(series);
    // A delegate that was created with the row has read properties of the series whose bindings QML had not evaluated yet: they
    // changed meanwhile.
    Q_EMIT dataChanged(index(row), index(row));
}

void PlotLegend::followAge(SharedSeries *series)
{
    disconnect(m_ages.take(series));
    if (m_isAgeRead && series->segment())
        m_ages.insert(series, connect(series->segment(), &SharedSegment::staleChanged, this,
                                      [this, series] { notify(series, StaleRole); }));
}

void PlotLegend::remove(SharedSeries *series)
{
    const auto isSeries = [series](const Row &row) { return row.series == series; };
    const auto at = std::find_if(m_rows.cbegin(), m_rows.cend(), isSeries);
    if (at == m_rows.cend())
        return;
    const auto row = static_cast<int>(at - m_rows.cbegin());
    beginRemoveRows({}, row, row);
    m_rows.removeAt(row);
    endRemoveRows();
    disconnect(m_ages.take(series));
    // It may be about to be destroyed, and is at least an object.
    static_cast<QObject *>(series)->disconnect(this);
}

void PlotLegend::notify(SharedSeries *series, Role role)
{
    for (Row &row : m_rows) {
        if (row.series != series)
            continue;
        // In a hidden plot, no series is visible.
        if (role == ShownRole && m_plot->isVisible())
            row.isShown = series->isVisible();
        const QModelIndex changed = index(static_cast<int>(&row - m_rows.data()));
        Q_EMIT dataChanged(changed, changed, {role});
        return;
    }
}

QVariant PlotLegend::valueOf(const SharedSeries &series) const
{
    const double x = m_cursor->isShown() ? m_cursor->x() : series.dataRange().right;
    const std::optional<QPointF> point = std::isfinite(x) ? series.valueNear(x) : std::nullopt;
    return point ? QVariant(point->y()) : QVariant();
}

QString PlotLegend::textOf(SharedSeries *series, const QVariant &value) const
{
    const double number = value.isValid() ? value.toDouble() : std::numeric_limits<double>::quiet_NaN();
    return SharedSeriesPrivate::of(series)->text(number, m_view->yRange(), m_view->plotArea().height());
}

void PlotLegend::refresh()
{
    for (Row &row : m_rows) {
        const QVariant value = valueOf(*row.series);
        const QString text = textOf(row.series, value);
        if (row.value == value && row.text == text)
            continue;
        row.value = value;
        row.text = text;
        const QModelIndex changed = index(static_cast<int>(&row - m_rows.data()));
        Q_EMIT dataChanged(changed, changed, {ValueRole, TextRole, Qt::DisplayRole});
    }
}

int PlotLegend::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PlotLegend::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return u"%1: %2"_s.arg(row.series->label(), row.text);
    case LabelRole:
        return row.series->label();
    case UnitRole:
        return row.series->unit();
    case ColorRole:
        return row.series->color();
    case ValueRole:
        return row.value;
    case TextRole:
        return row.text;
    case ShownRole:
        return row.isShown;
    case StaleRole:
        if (!std::exchange(m_isAgeRead, true)) {
            for (const Row &each : m_rows)
                const_cast<PlotLegend *>(this)->followAge(each.series);
        }
        return !row.series->segment() || row.series->segment()->isStale();
    case SeriesRole:
        return QVariant::fromValue(row.series);
    default:
        return {};
    }
}

bool PlotLegend::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != ShownRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    Row &row = m_rows[index.row()];
    const bool isShown = value.toBool();
    if (std::exchange(row.isShown, isShown) == isShown)
        return true;
    row.series->setVisible(isShown);
    // In a hidden plot, the series does not tell.
    Q_EMIT dataChanged(index, index, {ShownRole});
    return true;
}

Qt::ItemFlags PlotLegend::flags(const QModelIndex &index) const
{
    return QAbstractListModel::flags(index) | (index.isValid() ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

QHash<int, QByteArray> PlotLegend::roleNames() const
{
    return {{LabelRole, "label"}, {UnitRole, "unit"},   {ColorRole, "color"}, {ValueRole, "value"},
            {TextRole, "text"},   {ShownRole, "shown"}, {StaleRole, "stale"}, {SeriesRole, "series"}};
}
