// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QPointF>
#include <QtGui/QColor>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/QQuickItem>

#include <memory>
#include <optional>

class SharedSeriesPrivate;

/// Numbers of one field of a segment in a SharedPlot, as a line or as bars, for any number of elements.
///
/// Each column of pixels shows the least and the greatest of its numbers, so that no spike is lost. Where numbers are not
/// finite or elements of a stream were lost, there is a gap. The picture is the same with and without a graphics processor.
/// While the segment is `stale`, the series is pale. The plot sets position and size.
///
/// Of an array it shows the newest revision, and reads at most 1 GiB of elements, counted as whole elements whatever the
/// field is; of a larger range it shows nothing, and the segment's error is OutOfMemory. Of a stream it keeps what it
/// shows, and reads each element once.
class SHAREDSEGMENTQML_EXPORT SharedSeries : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT

    /// The segment to plot, an array or a stream. The series does not own it. Default: null. Notifies when another segment
    /// is set and when the segment is destroyed.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// Name of the field to plot. The items of an array field are drawn over each other. Default: empty, which means
    /// the first field with numbers that is not the `timeField`. Notifies when another value is set.
    Q_PROPERTY(QString field READ field WRITE setField NOTIFY fieldChanged FINAL)
    /// Index of the first element of an array to plot. A negative number counts as 0. A stream ignores it. Default: 0.
    /// Notifies when another value is set.
    Q_PROPERTY(double first READ firstReal WRITE setFirstReal NOTIFY firstChanged FINAL)
    /// Number of elements to plot: of an array from `first` on, of a stream the newest. A negative number means all, and
    /// reads back as -1. Default: -1. Notifies when another value is set.
    Q_PROPERTY(double count READ countReal WRITE setCountReal NOTIFY countChanged FINAL)
    /// Kind of drawing: a line, or bars that start at 0. Default: Line. Notifies when another value is set.
    Q_PROPERTY(Style style READ style WRITE setStyle NOTIFY styleChanged FINAL)
    /// Colour of the line or the bars. Default: "steelblue". Notifies when another value is set.
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged FINAL)
    /// Colour of the area between the line and 0, or the edge nearest to 0. Bars do not use it. Default: "transparent",
    /// which draws no area. Notifies when another value is set.
    Q_PROPERTY(QColor fill READ fill WRITE setFill NOTIFY fillChanged FINAL)
    /// Width of the line in device-independent pixels, 0 to 1000. Default: 1. Notifies when another value is set.
    Q_PROPERTY(double lineWidth READ lineWidth WRITE setLineWidth NOTIFY lineWidthChanged FINAL)
    /// What the numbers are, for people. Default: the field's label in the metadata, or else its name. Notifies when it
    /// changes.
    Q_PROPERTY(QString label READ label WRITE setLabel RESET resetLabel NOTIFY labelChanged FINAL)
    /// Unit of the numbers. Default: the field's unit in the metadata, or else empty. Notifies when it changes.
    Q_PROPERTY(QString unit READ unit WRITE setUnit RESET resetUnit NOTIFY unitChanged FINAL)
    /// How long elements stay in the plot, in seconds; the plot then scrolls, and goes on to scroll when nothing comes. 0:
    /// all that the segment has. A negative number counts as 0. Default: 0. Notifies when another value is set.
    Q_PROPERTY(double timeSpan READ timeSpan WRITE setTimeSpan NOTIFY timeSpanChanged FINAL)
    /// Elements per second, from which x follows; 0: unknown. Default: `sampleRate` of the metadata, or else 0. Notifies
    /// when it changes.
    Q_PROPERTY(
        double sampleRate READ sampleRate WRITE setSampleRate RESET resetSampleRate NOTIFY sampleRateChanged FINAL)
    /// Name of the field with the time of each element, in ns since 1970 UTC, from which x follows; it goes before
    /// `sampleRate`. Default: `timeField` of the metadata, or else empty. Notifies when it changes.
    Q_PROPERTY(QString timeField READ timeField WRITE setTimeField RESET resetTimeField NOTIFY timeFieldChanged FINAL)
    /// Maximum rate of refreshes, in Hz. 0 means the refresh rate of the screen; a negative or infinite number counts
    /// as 0. Default: 0. Notifies when another value is set.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the series keeps what it had at the moment when this became true, also when another range of it is
    /// shown. Of an array, pausing copies the whole revision. Default: false. Notifies when another value is set.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// Number of the revision shown; of a stream, the number of elements appended before its newest one shown and with it.
    /// 0 is the zero-filled start, or an empty series. Default: 0. Notifies when the series shows another revision.
    Q_PROPERTY(quint64 revision READ revision NOTIFY revisionChanged FINAL)

public:
    /// How numbers are drawn.
    enum class Style {
        Line, ///< A line from each number to the next.
        Bars, ///< One bar from 0 for each number.
    };
    Q_ENUM(Style)

    /// Makes an empty series without a segment.
    explicit SharedSeries(QQuickItem *parent = nullptr);
    ~SharedSeries() override;

    /// Returns the segment shown, or null.
    SharedSegment *segment() const;
    /// Plots another segment, or nothing if `segment` is null.
    void setSegment(SharedSegment *segment);
    /// Returns the name of the field to plot; empty for the first field with numbers.
    QString field() const;
    /// Plots another field. If it does not exist or has no numbers, the series is empty and prints a warning.
    void setField(const QString &field);
    /// Returns the index of the first element of an array.
    qint64 first() const;
    /// Begins with another element of an array; a negative number counts as 0.
    void setFirst(qint64 first);
    /// Returns the number of elements to plot, or -1 for all.
    qint64 count() const;
    /// Limits the number of elements; a negative number means all.
    void setCount(qint64 count);
    /// Returns the kind of drawing.
    Style style() const;
    /// Draws a line or bars.
    void setStyle(Style style);
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
    /// Returns what the numbers are: the label that was set, or the metadata's, or the field's name.
    QString label() const;
    /// Sets what the numbers are.
    void setLabel(const QString &label);
    /// Takes the label from the metadata again.
    void resetLabel();
    /// Returns the unit that was set, or the metadata's.
    QString unit() const;
    /// Sets the unit of the numbers.
    void setUnit(const QString &unit);
    /// Takes the unit from the metadata again.
    void resetUnit();
    /// Returns how long elements stay in the plot, in seconds; 0 for all that the segment has.
    double timeSpan() const;
    /// Sets how long elements stay in the plot, in seconds. A number below 0 or not finite counts as 0.
    void setTimeSpan(double timeSpan);
    /// Returns the elements per second that were set, or the metadata's; 0 if neither is known.
    double sampleRate() const;
    /// Sets the elements per second. A number below 0 or not finite counts as 0.
    void setSampleRate(double sampleRate);
    /// Takes the elements per second from the metadata again.
    void resetSampleRate();
    /// Returns the name of the field with times that was set, or the metadata's.
    QString timeField() const;
    /// Sets the name of the field with times; empty for none.
    void setTimeField(const QString &timeField);
    /// Takes the name of the field with times from the metadata again.
    void resetTimeField();
    /// Returns the maximum rate of refreshes in Hz; 0 means the refresh rate of the screen.
    double maximumRate() const;
    /// Limits the rate of refreshes, in Hz. A negative or infinite number counts as 0.
    void setMaximumRate(double maximumRate);
    /// Returns whether the series keeps what it shows.
    bool isPaused() const;
    /// Returns isPaused().
    bool paused() const { return isPaused(); }
    /// Keeps what there is, or moves on to the newest. If memory is too short for the copy of an array, or the revision is
    /// larger than 1 GiB, the segment's error is OutOfMemory.
    void setPaused(bool paused);
    /// Returns the number of the revision shown; 0 if the series is empty.
    quint64 revision() const;

    /// The numbers of a series at its edges, both NaN where there are none.
    struct DataRange
    {
        double left;  ///< least x
        double right; ///< greatest x
        double low;   ///< least number of those in view
        double high;  ///< greatest number of those in view
    };
    /// Returns what the series has, in numbers of its plot's axes.
    DataRange dataRange() const;
    /// Returns the number whose x is nearest to `x`, with its x; of a column with several numbers the one that is farthest
    /// from its neighbours' middle. Returns nothing if there is none within the plot.
    std::optional<QPointF> valueNear(double x) const;

    /// Returns the number of passes over elements of the segment since its opening, for tests and tuning.
    quint64 readCount() const;
    /// Returns the number of elements in these passes: of a stream, each counts once.
    quint64 readElements() const;

Q_SIGNALS:
    /// Emitted when another segment is set, and when the segment is destroyed.
    void segmentChanged();
    /// Emitted when `field` changes.
    void fieldChanged();
    /// Emitted when `first` changes.
    void firstChanged();
    /// Emitted when `count` changes.
    void countChanged();
    /// Emitted when `style` changes.
    void styleChanged();
    /// Emitted when `color` changes.
    void colorChanged();
    /// Emitted when `fill` changes.
    void fillChanged();
    /// Emitted when `lineWidth` changes.
    void lineWidthChanged();
    /// Emitted when `label` changes.
    void labelChanged();
    /// Emitted when `unit` changes.
    void unitChanged();
    /// Emitted when `timeSpan` changes.
    void timeSpanChanged();
    /// Emitted when `sampleRate` changes.
    void sampleRateChanged();
    /// Emitted when `timeField` changes.
    void timeFieldChanged();
    /// Emitted when `maximumRate` changes.
    void maximumRateChanged();
    /// Emitted when `paused` changes.
    void pausedChanged();
    /// Emitted when the series shows another revision.
    void revisionChanged();

protected:
    /// Puts the numbers into the scene.
    QSGNode *updatePaintNode(QSGNode *node, UpdatePaintNodeData *data) override;
    /// Draws anew when the visibility changes.
    void itemChange(ItemChange change, const ItemChangeData &value) override;
    /// Begins to read, after QML has set the properties.
    void componentComplete() override;

private:
    double firstReal() const { return static_cast<double>(first()); }
    void setFirstReal(double first);
    double countReal() const { return static_cast<double>(count()); }
    void setCountReal(double count);

    friend class SharedSeriesPrivate;
    Q_DISABLE_COPY_MOVE(SharedSeries)
    std::unique_ptr<SharedSeriesPrivate> d;
};
