// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "qmlinteger.h"
#include "sharedsegmentqml_export.h"

#include <SharedSegment/SharedSegment>

#include <QtGui/QColor>
#include <QtQml/qqmlregistration.h>
#include <QtQuick/QQuickItem>

#include <memory>

class SharedArrayPlotPrivate;

/// Draws the numbers of a segment as a line or as bars, however many there are: each column of pixels shows the least and the
/// greatest of its samples, so that no spike is lost. Numbers that are not finite are gaps. Draws alike with and
/// without a graphics processor.
///
/// It goes through at most 1 GiB of elements, whole ones, whatever the field: more is an error, and nothing is drawn.
class SHAREDSEGMENTQML_EXPORT SharedArrayPlot : public QQuickItem
{
    Q_OBJECT
    QML_ELEMENT

    /// What is shown; not owned. Default: null.
    Q_PROPERTY(SharedSegment *segment READ segment WRITE setSegment NOTIFY segmentChanged FINAL)
    /// The element at the left edge. Default: 0.
    Q_PROPERTY(double first READ firstReal WRITE setFirstReal NOTIFY firstChanged FINAL)
    /// How many elements; less than 0 (default): all that follow.
    Q_PROPERTY(double count READ countReal WRITE setCountReal NOTIFY countChanged FINAL)
    /// A line, or bars that stand on 0. Default: Line.
    Q_PROPERTY(Style style READ style WRITE setStyle NOTIFY styleChanged FINAL)
    /// The field's name; an array's items are drawn over each other. Default: empty, the first field with numbers.
    Q_PROPERTY(QString field READ field WRITE setField NOTIFY fieldChanged FINAL)
    /// The number at the lower edge, also if it is the greater one: the plot is upside down then. Follows the numbers shown while `autoScale` is true. Default: 0.
    Q_PROPERTY(double minimum READ minimum WRITE setMinimum NOTIFY minimumChanged FINAL)
    /// The number at the upper edge; follows the numbers shown while `autoScale` is true. Default: 1.
    Q_PROPERTY(double maximum READ maximum WRITE setMaximum NOTIFY maximumChanged FINAL)
    /// Whether `minimum` and `maximum` follow the numbers shown; with bars they hold 0, too. Default: true.
    Q_PROPERTY(bool autoScale READ autoScale WRITE setAutoScale NOTIFY autoScaleChanged FINAL)
    /// Of the line or the bars. Default: "steelblue".
    Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY colorChanged FINAL)
    /// Of the area between the line and 0, or the edge nearest to it; bars have none. Default: "transparent", none.
    Q_PROPERTY(QColor fill READ fill WRITE setFill NOTIFY fillChanged FINAL)
    /// Of the line, in device-independent pixels. Default: 1.
    Q_PROPERTY(double lineWidth READ lineWidth WRITE setLineWidth NOTIFY lineWidthChanged FINAL)
    /// How often new values are shown at most, in Hz. 0 (default): with each frame of the screen.
    Q_PROPERTY(double maximumRate READ maximumRate WRITE setMaximumRate NOTIFY maximumRateChanged FINAL)
    /// Whether the revision stays that was the newest when this became true, also while another range of it is shown. Takes the memory
    /// of a copy. Default: false.
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused NOTIFY pausedChanged FINAL)
    /// The revision shown; 0: the zero-filled start, or nothing shown.
    Q_PROPERTY(double revision READ revisionReal NOTIFY revisionChanged FINAL)

public:
    /// How numbers are drawn.
    enum class Style {
        Line, ///< from one to the next
        Bars, ///< each by itself, from 0
    };
    Q_ENUM(Style)

    /// Without a segment, and so empty.
    explicit SharedArrayPlot(QQuickItem *parent = nullptr);
    ~SharedArrayPlot() override;

    /// @{
    /// Reads or sets the property of that name, whose text says what it is.
    SharedSegment *segment() const;
    void setSegment(SharedSegment *segment);
    qint64 first() const;
    void setFirst(qint64 first);
    qint64 count() const;
    void setCount(qint64 count);
    Style style() const;
    void setStyle(Style style);
    QString field() const;
    void setField(const QString &field);
    double minimum() const;
    void setMinimum(double minimum);
    double maximum() const;
    void setMaximum(double maximum);
    bool autoScale() const;
    void setAutoScale(bool autoScale);
    QColor color() const;
    void setColor(const QColor &color);
    QColor fill() const;
    void setFill(const QColor &fill);
    double lineWidth() const;
    void setLineWidth(double lineWidth);
    double maximumRate() const;
    void setMaximumRate(double maximumRate);
    bool isPaused() const;
    bool paused() const { return isPaused(); }
    void setPaused(bool paused);
    quint64 revision() const;
    /// @}

    /// How often the segment's samples were gone through: for tests and for tuning.
    quint64 readCount() const;

Q_SIGNALS:
    /// @{
    /// The property of that name has another value.
    void segmentChanged();
    void firstChanged();
    void countChanged();
    void styleChanged();
    void fieldChanged();
    void minimumChanged();
    void maximumChanged();
    void autoScaleChanged();
    void colorChanged();
    void fillChanged();
    void lineWidthChanged();
    void maximumRateChanged();
    void pausedChanged();
    void revisionChanged();
    /// @}

protected:
    /// @{
    /// As QQuickItem calls it.
    void updatePolish() override;
    QSGNode *updatePaintNode(QSGNode *node, UpdatePaintNodeData *data) override;
    void geometryChange(const QRectF &newGeometry, const QRectF &oldGeometry) override;
    void itemChange(ItemChange change, const ItemChangeData &value) override;
    /// @}

private:
    double revisionReal() const { return static_cast<double>(revision()); }
    double firstReal() const { return QmlInteger::toReal(first()); }
    void setFirstReal(double first) { setFirst(QmlInteger::fromReal(first)); }
    double countReal() const { return QmlInteger::toReal(count()); }
    void setCountReal(double count) { setCount(QmlInteger::fromReal(count)); }

    friend class SharedArrayPlotPrivate;
    Q_DISABLE_COPY_MOVE(SharedArrayPlot)
    std::unique_ptr<SharedArrayPlotPrivate> d;
};
