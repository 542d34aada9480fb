// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtGui/QColor>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/QQuickItem>

#include <memory>

class SharedArrayPlotPrivate;

/// Plots the numbers of a segment as a line or as bars, for any number of elements. Each column of pixels shows the
/// least and the greatest of its samples, so that no spike is lost. Numbers that are not finite are gaps. The picture
/// is the same with and without a graphics processor.
///
/// The plot reads at most 1 GiB of elements, counted as whole elements whatever the field is. If the range is larger,
/// the segment's error is OutOfMemory and the plot stays empty.
class SHAREDSEGMENTQML_EXPORT SharedArrayPlot : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT

    /// The segment to plot. The plot does not own it. Default: null. Notifies when another segment is set and when the
    /// segment is destroyed.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// Index of the element at the left edge. A negative number counts as 0. Default: 0. Notifies when another value is
    /// set.
    Q_PROPERTY(double first READ firstReal WRITE setFirstReal NOTIFY firstChanged FINAL)
    /// Number of elements to plot. A negative number means all that follow and reads back as -1. Default: -1. Notifies
    /// when another value is set.
    Q_PROPERTY(double count READ countReal WRITE setCountReal NOTIFY countChanged FINAL)
    /// Kind of drawing: a line, or bars that start at 0. Default: Line. Notifies when another value is set.
    Q_PROPERTY(Style style READ style WRITE setStyle NOTIFY styleChanged FINAL)
    /// Name of the field to plot. The items of an array field are drawn over each other. Default: empty, which means
    /// the first field with numbers. Notifies when another value is set.
    Q_PROPERTY(QString field READ field WRITE setField NOTIFY fieldChanged FINAL)
    /// Number at the lower edge. If it is greater than `maximum`, the plot is upside down. `autoScale` overwrites it.
    /// Default: 0. Notifies when another value is set or `autoScale` changes it.
    Q_PROPERTY(double minimum READ minimum WRITE setMinimum NOTIFY minimumChanged FINAL)
    /// Number at the upper edge. `autoScale` overwrites it. Default: 1. Notifies when another value is set or
    /// `autoScale` changes it.
    Q_PROPERTY(double maximum READ maximum WRITE setMaximum NOTIFY maximumChanged FINAL)
    /// Whether `minimum` and `maximum` follow the plotted numbers; with bars, the range includes 0. Default: true.
    /// Notifies when another value is set.
    Q_PROPERTY(bool autoScale READ autoScale WRITE setAutoScale NOTIFY autoScaleChanged FINAL)
    /// Colour of the line or the bars. Default: "steelblue". Notifies when another value is set.
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged FINAL)
    /// Colour of the area between the line and 0, or the edge nearest to 0. Bars do not use it. Default: "transparent",
    /// which draws no area. Notifies when another value is set.
    Q_PROPERTY(QColor fill READ fill WRITE setFill NOTIFY fillChanged FINAL)
    /// Width of the line in device-independent pixels, 0 to 1000. Default: 1. Notifies when another value is set.
    Q_PROPERTY(double lineWidth READ lineWidth WRITE setLineWidth NOTIFY lineWidthChanged FINAL)
    /// Maximum rate of refreshes, in Hz. 0 means the refresh rate of the screen; a negative or infinite number counts
    /// as 0. Default: 0. Notifies when another value is set.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the plot keeps the newest revision of the moment when this became true, also when another range of it is
    /// shown. Pausing copies the whole revision. Default: false. Notifies when another value is set.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// Number of the revision shown. 0 is the zero-filled start, or an empty plot. Default: 0. Notifies when the plot
    /// shows another revision.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged FINAL)

public:
    /// How numbers are drawn.
    enum class Style {
        Line, ///< A line from each number to the next.
        Bars, ///< One bar from 0 for each number.
    };
    Q_ENUM(Style)

    /// Makes an empty plot without a segment.
    explicit SharedArrayPlot(QQuickItem *parent = nullptr);
    ~SharedArrayPlot() override;

    /// Returns the segment shown, or null.
    SharedSegment *segment() const;
    /// Plots another segment, or nothing if `segment` is null.
    void setSegment(SharedSegment *segment);
    /// Returns the index of the element at the left edge.
    qint64 first() const;
    /// Moves the left edge to another element; a negative number counts as 0.
    void setFirst(qint64 first);
    /// Returns the number of elements to plot, or -1 for all that follow.
    qint64 count() const;
    /// Limits the number of elements; a negative number means all that follow.
    void setCount(qint64 count);
    /// Returns the kind of drawing.
    Style style() const;
    /// Draws a line or bars, without another read.
    void setStyle(Style style);
    /// Returns the name of the field to plot; empty for the first field with numbers.
    QString field() const;
    /// Plots another field. If it does not exist or has no numbers, the plot is empty and prints a warning.
    void setField(const QString &field);
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
    /// Returns whether the edges follow the plotted numbers.
    bool autoScale() const;
    /// Lets the edges follow the plotted numbers, or leaves them as they are.
    void setAutoScale(bool autoScale);
    /// Returns the colour of the line or the bars.
    QColor color() const;
    /// Sets the colour of the line or the bars.
    void setColor(const QColor &color);
    /// Returns the colour of the area between the line and 0.
    QColor fill() const;
    /// Sets the colour of the area between the line and 0; a transparent one draws no area.
    void setFill(const QColor &fill);
    /// Returns the width of the line in device-independent pixels.
    double lineWidth() const;
    /// Sets the width of the line in device-independent pixels, clamped to 0 to 1000; a number that is not finite
    /// counts as 1.
    void setLineWidth(double lineWidth);
    /// Returns the maximum rate of refreshes in Hz; 0 means the refresh rate of the screen.
    double maximumRate() const;
    /// Limits the rate of refreshes, in Hz. A negative or infinite number counts as 0.
    void setMaximumRate(double maximumRate);
    /// Returns whether the plot keeps the revision that it shows.
    bool isPaused() const;
    /// Returns isPaused().
    bool paused() const { return isPaused(); }
    /// Copies the newest revision and keeps it, or moves on to the newest one. If memory is too short for the
    /// copy, or the revision is larger than 1 GiB, the segment's error is OutOfMemory.
    void setPaused(bool paused);
    /// Returns the number of the revision shown; 0 if the plot is empty.
    quint64 revision() const;

    /// Returns the number of complete passes over the samples since the plot was made, for tests and tuning.
    quint64 readCount() const;

Q_SIGNALS:
    /// Emitted when another segment is set, and when the segment is destroyed.
    void segmentChanged();
    /// Emitted when `first` changes.
    void firstChanged();
    /// Emitted when `count` changes.
    void countChanged();
    /// Emitted when `style` changes.
    void styleChanged();
    /// Emitted when `field` changes.
    void fieldChanged();
    /// Emitted when `minimum` is set to another value or follows the plotted numbers.
    void minimumChanged();
    /// Emitted when `maximum` is set to another value or follows the plotted numbers.
    void maximumChanged();
    /// Emitted when `autoScale` changes.
    void autoScaleChanged();
    /// Emitted when `color` changes.
    void colorChanged();
    /// Emitted when `fill` changes.
    void fillChanged();
    /// Emitted when `lineWidth` changes.
    void lineWidthChanged();
    /// Emitted when `maximumRate` changes.
    void maximumRateChanged();
    /// Emitted when `paused` changes.
    void pausedChanged();
    /// Emitted when the plot shows another revision.
    void revisionChanged();

protected:
    /// Reads the samples if they changed, scales the edges and requests a repaint.
    void updatePolish() override;
    /// Draws the image and puts it into the scene as a texture; an empty plot has no node.
    QSGNode *updatePaintNode(QSGNode *node, UpdatePaintNodeData *data) override;
    /// Redraws the plot at the new size.
    void geometryChange(const QRectF &newGeometry, const QRectF &oldGeometry) override;
    /// Redraws the plot when the window, the device pixel ratio or the visibility changes.
    void itemChange(ItemChange change, const ItemChangeData &value) override;

private:
    double firstReal() const { return static_cast<double>(first()); }
    void setFirstReal(double first);
    double countReal() const { return static_cast<double>(count()); }
    void setCountReal(double count);

    friend class SharedArrayPlotPrivate;
    Q_DISABLE_COPY_MOVE(SharedArrayPlot)
    std::unique_ptr<SharedArrayPlotPrivate> d;
};
