// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QAbstractListModel>
#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QString>

class PlotCursor;
class PlotView;
class SharedPlot;
class SharedSeries;

/// One row for each series of a plot, with its number at the cursor, or the newest one.
class PlotLegend final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        LabelRole = Qt::UserRole,
        UnitRole,
        ColorRole,
        ValueRole,  ///< a number; undefined if there is none
        TextRole,   ///< the number for people, with its unit
        ShownRole,  ///< whether the series is drawn; writable
        StaleRole,  ///< whether the segment of the series is stale, or there is none
        SeriesRole, ///< the SharedSeries
    };

    PlotLegend(SharedPlot *plot, PlotView *view, PlotCursor *cursor);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    struct Row
    {
        SharedSeries *series;
        QVariant value;
        QString text;
        bool isShown = true;
    };

    void add(SharedSeries *series);
    void remove(SharedSeries *series);
    void refresh();
    /// Notifies that something else than numbers of a series has changed.
    void notify(SharedSeries *series, Role role);
    /// Notifies when the segment of a series becomes stale, once a view has read the role: before, no timer counts the age.
    void followAge(SharedSeries *series);
    QVariant valueOf(const SharedSeries &series) const;
    QString textOf(SharedSeries *series, const QVariant &value) const;

    SharedPlot *const m_plot;
    PlotView *const m_view;
    PlotCursor *const m_cursor;
    QList<Row> m_rows;
    QHash<SharedSeries *, QMetaObject::Connection> m_ages;
    mutable bool m_isAgeRead = false;
};
