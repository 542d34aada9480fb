// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"
#include "sharedseries.h"

#include <QtCore/QAbstractItemModel>
#include <QtCore/QList>
#include <QtGui/QColor>
#include <QtGui/QFont>
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
    /// Whether lines, numbers and titles of the axes are drawn beside the data. Default: true. Notifies when another value is
    /// set.
    Q_PROPERTY(bool axesVisible READ axesVisible WRITE setAxesVisible NOTIFY axesVisibleChanged FINAL)
    /// Whether the lines of the grid are drawn behind the data. Default: true. Notifies when another value is set.
    Q_PROPERTY(bool gridVisible READ gridVisible WRITE setGridVisible NOTIFY gridVisibleChanged FINAL)
    /// Title of the x axis. Default: "s" where x is seconds, else empty. Notifies when it changes.
    Q_PROPERTY(QString xLabel READ xLabel WRITE setXLabel RESET resetXLabel NOTIFY xLabelChanged FINAL)
    /// Title of the y axis. Default: label and unit of the series, each if all series have the same. Notifies when it changes.
    Q_PROPERTY(QString yLabel READ yLabel WRITE setYLabel RESET resetYLabel NOTIFY yLabelChanged FINAL)
    /// Colour of the axes and their texts. Default: `windowText` of the palette. Notifies when it changes.
    Q_PROPERTY(QColor textColor READ textColor WRITE setTextColor RESET resetTextColor NOTIFY textColorChanged FINAL)
    /// Colour of the grid; lines between those at the numbers are fainter. Default: a faint `textColor`. Notifies when it
    /// changes.
    Q_PROPERTY(QColor gridColor READ gridColor WRITE setGridColor RESET resetGridColor NOTIFY gridColorChanged FINAL)
    /// Font of the axes. Default: the application's. Notifies when another value is set.
    Q_PROPERTY(QFont font READ font WRITE setFont NOTIFY fontChanged FINAL)
    /// Number at the left edge: an index, seconds, or ms since 1970 UTC as `Date` has them. If another value is set, the plot
    /// no longer follows the data. If it is greater than `xMaximum`, x runs from right to left, and does so as well when the plot
    /// follows the data again. Bound to `xMinimum` of another plot, and `xMaximum` likewise, both show the same range. Default: 0.
    /// Notifies when the plot shows another range.
    Q_PROPERTY(double xMinimum READ xMinimum WRITE setXMinimum NOTIFY xMinimumChanged FINAL)
    /// Number at the right edge, as `xMinimum` at the left one. Default: 1. Notifies when the plot shows another range.
    Q_PROPERTY(double xMaximum READ xMaximum WRITE setXMaximum NOTIFY xMaximumChanged FINAL)
    /// Whether both ranges follow the data. The user's pan and zoom make it false, a double click makes it true. If true is
    /// set, the plot follows the data again; if false is set, it keeps what it shows. Default: true. Notifies when it changes.
    Q_PROPERTY(bool following READ isFollowing WRITE setFollowing NOTIFY followingChanged FINAL)
    /// Whether a drag, the arrow keys and a wheel that turns to the side move the plot. Default: true. Notifies when another
    /// value is set.
    Q_PROPERTY(bool panEnabled READ panEnabled WRITE setPanEnabled NOTIFY panEnabledChanged FINAL)
    /// Whether the wheel, a pinch and the keys + and - zoom the plot. Default: true. Notifies when another value is set.
    Q_PROPERTY(bool zoomEnabled READ zoomEnabled WRITE setZoomEnabled NOTIFY zoomEnabledChanged FINAL)
    /// Whether the pointer, or a finger that is held, shows the cursor. Default: true. Notifies when another value is set.
    Q_PROPERTY(bool cursorEnabled READ cursorEnabled WRITE setCursorEnabled NOTIFY cursorEnabledChanged FINAL)
    /// Whether the cursor is shown: a vertical line, with a mark on each series, at first in the middle. Default: false. Notifies when the cursor
    /// appears or disappears.
    Q_PROPERTY(bool cursorVisible READ isCursorVisible WRITE setCursorVisible NOTIFY cursorVisibleChanged FINAL)
    /// Where the cursor is, in numbers like `xMinimum`; NaN while no cursor is shown. If it is set, the cursor is shown there.
    /// Default: NaN. Notifies when the cursor is at another number.
    Q_PROPERTY(double cursorX READ cursorX WRITE setCursorX NOTIFY cursorXChanged FINAL)
    /// A row for each series, with the roles `label`, `unit`, `color`, `value` and `text` (its number at the cursor, or else
    /// its newest one, with the digits that the metadata give or that make a difference, and then with the power of ten of the
    /// axis), `shown` (writable), `stale` and `series`.
    Q_PROPERTY(QAbstractItemModel *legend READ legend CONSTANT FINAL)

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
    /// Returns whether the axes are drawn.
    bool axesVisible() const;
    /// Draws the axes, or leaves their space to the data.
    void setAxesVisible(bool visible);
    /// Returns whether the grid is drawn.
    bool gridVisible() const;
    /// Draws the grid, or not.
    void setGridVisible(bool visible);
    /// Returns the title of the x axis.
    QString xLabel() const;
    /// Sets the title of the x axis; empty for none.
    void setXLabel(const QString &label);
    /// Takes the title from the scale again.
    void resetXLabel();
    /// Returns the title of the y axis.
    QString yLabel() const;
    /// Sets the title of the y axis; empty for none.
    void setYLabel(const QString &label);
    /// Takes the title from the series again.
    void resetYLabel();
    /// Returns the colour of the axes.
    QColor textColor() const;
    /// Sets the colour of the axes.
    void setTextColor(const QColor &color);
    /// Takes the colour of the palette again.
    void resetTextColor();
    /// Returns the colour of the grid.
    QColor gridColor() const;
    /// Sets the colour of the grid.
    void setGridColor(const QColor &color);
    /// Takes a faint `textColor` again.
    void resetGridColor();
    /// Returns the font of the axes.
    QFont font() const;
    /// Sets the font of the axes.
    void setFont(const QFont &font);
    /// Returns the number at the left edge.
    double xMinimum() const;
    /// Keeps another number at the left edge; ignores a number that is not finite.
    void setXMinimum(double minimum);
    /// Returns the number at the right edge.
    double xMaximum() const;
    /// Keeps another number at the right edge; ignores a number that is not finite.
    void setXMaximum(double maximum);
    /// Returns whether both ranges follow the data.
    bool isFollowing() const;
    /// Follows the data, or keeps what is shown.
    void setFollowing(bool following);
    /// Returns whether the user can move the plot.
    bool panEnabled() const;
    /// Lets the user move the plot, or not.
    void setPanEnabled(bool enabled);
    /// Returns whether the user can zoom the plot.
    bool zoomEnabled() const;
    /// Lets the user zoom the plot, or not.
    void setZoomEnabled(bool enabled);
    /// Returns whether the pointer shows the cursor.
    bool cursorEnabled() const;
    /// Lets the pointer show the cursor; if not, only the application does.
    void setCursorEnabled(bool enabled);
    /// Returns whether the cursor is shown.
    bool isCursorVisible() const;
    /// Shows the cursor where it was last, or hides it.
    void setCursorVisible(bool visible);
    /// Returns where the cursor is, or NaN.
    double cursorX() const;
    /// Shows the cursor at a number; hides it if the number is not finite.
    void setCursorX(double x);
    /// Returns the model of the series and their numbers.
    QAbstractItemModel *legend() const;

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
    /// Emitted when `axesVisible` changes.
    void axesVisibleChanged();
    /// Emitted when `gridVisible` changes.
    void gridVisibleChanged();
    /// Emitted when `xLabel` is set, or may be another default.
    void xLabelChanged();
    /// Emitted when `yLabel` is set, or may be another default.
    void yLabelChanged();
    /// Emitted when `textColor` is set, or the palette changes.
    void textColorChanged();
    /// Emitted when `gridColor` is set, or its default changes.
    void gridColorChanged();
    /// Emitted when `font` changes.
    void fontChanged();
    /// Emitted when the plot shows another number at the left edge.
    void xMinimumChanged();
    /// Emitted when the plot shows another number at the right edge.
    void xMaximumChanged();
    /// Emitted when the plot begins or ends to follow the data.
    void followingChanged();
    /// Emitted when `panEnabled` changes.
    void panEnabledChanged();
    /// Emitted when `zoomEnabled` changes.
    void zoomEnabledChanged();
    /// Emitted when `cursorEnabled` changes.
    void cursorEnabledChanged();
    /// Emitted when the cursor appears or disappears.
    void cursorVisibleChanged();
    /// Emitted when the cursor is at another number.
    void cursorXChanged();

protected:
    /// Places the series anew.
    void geometryChange(const QRectF &newGeometry, const QRectF &oldGeometry) override;
    /// Follows which children are series.
    void itemChange(ItemChange change, const ItemChangeData &value) override;
    /// Reads what is new, and lets the ranges follow it.
    void updatePolish() override;
    /// Moves a plot of times on.
    void timerEvent(QTimerEvent *event) override;
    /// Moves and zooms by the arrow keys, +, - and Home.
    void keyPressEvent(QKeyEvent *event) override;

private:
    QQmlListProperty<SharedSeries> seriesList();

    friend class SharedPlotPrivate;
    Q_DISABLE_COPY_MOVE(SharedPlot)
    std::unique_ptr<SharedPlotPrivate> d;
};
