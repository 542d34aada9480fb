// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"
#include "sharedseries.h"

#include <QtCore/QList>
#include <QtQml/QQmlListProperty>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/QQuickItem>

#include <memory>

class SharedPlotPrivate;

/// A plot of any number of SharedSeries, which are its children and share both axes.
///
/// The numbers at the left and right edge follow the data: with a series that has a `timeSpan`, the newest ones are at the
/// right edge, which moves on with time; otherwise all the data fill the plot.
class SHAREDSEGMENTQML_EXPORT SharedPlot : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT

    /// The series of the plot: those of its children that are a SharedSeries, in their order. Default: empty. Notifies when
    /// a series comes or goes.
    Q_PROPERTY(QQmlListProperty<SharedSeries> series READ seriesList NOTIFY seriesChanged FINAL)
    /// Number at the lower edge. If it is greater than `maximum`, the plot is upside down. `autoScale` overwrites it.
    /// Default: 0. Notifies when another value is set or `autoScale` changes it.
    Q_PROPERTY(double minimum READ minimum WRITE setMinimum NOTIFY minimumChanged FINAL)
    /// Number at the upper edge. `autoScale` overwrites it. Default: 1. Notifies when another value is set or
    /// `autoScale` changes it.
    Q_PROPERTY(double maximum READ maximum WRITE setMaximum NOTIFY maximumChanged FINAL)
    /// Whether `minimum` and `maximum` follow the numbers that are in view; with bars, the range includes 0. Default: true.
    /// Notifies when another value is set.
    Q_PROPERTY(bool autoScale READ autoScale WRITE setAutoScale NOTIFY autoScaleChanged FINAL)

public:
    /// Makes a plot without series.
    explicit SharedPlot(QQuickItem *parent = nullptr);
    ~SharedPlot() override;

    /// Returns the series, in the order of the children.
    QList<SharedSeries *> series() const;
    /// Returns the number at the lower edge.
    double minimum() const;
    /// Sets the number at the lower edge; ignores a number that is not finite. Has no lasting effect while `autoScale`
    /// is true.
    void setMinimum(double minimum);
    /// Returns the number at the upper edge.
    double maximum() const;
    /// Sets the number at the upper edge; ignores a number that is not finite. Has no lasting effect while `autoScale`
    /// is true.
    void setMaximum(double maximum);
    /// Returns whether the edges follow the numbers in view.
    bool autoScale() const;
    /// Lets the edges follow the numbers in view, or leaves them as they are.
    void setAutoScale(bool autoScale);

Q_SIGNALS:
    /// Emitted when a series comes or goes.
    void seriesChanged();
    /// Emitted when a series has become a child of the plot.
    void seriesAdded(SharedSeries *series);
    /// Emitted when a series is no longer a child of the plot; it may be about to be destroyed.
    void seriesRemoved(SharedSeries *series);
    /// Emitted when `minimum` is set to another value or follows the numbers in view.
    void minimumChanged();
    /// Emitted when `maximum` is set to another value or follows the numbers in view.
    void maximumChanged();
    /// Emitted when `autoScale` changes.
    void autoScaleChanged();

protected:
    /// Places the series anew.
    void geometryChange(const QRectF &newGeometry, const QRectF &oldGeometry) override;
    /// Follows which children are series.
    void itemChange(ItemChange change, const ItemChangeData &value) override;
    /// Reads what is new, and lets the ranges follow it.
    void updatePolish() override;
    /// Moves a plot of times on.
    void timerEvent(QTimerEvent *event) override;

private:
    QQmlListProperty<SharedSeries> seriesList();

    friend class SharedPlotPrivate;
    Q_DISABLE_COPY_MOVE(SharedPlot)
    std::unique_ptr<SharedPlotPrivate> d;
};
