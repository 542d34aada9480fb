// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedseries.h"

#include "../src/core/fieldmetadata.h"
#include "../src/core/segmentfollower_p.h"
#include "curvenode.h"
#include "seriesdata.h"

#include <QtCore/QString>

#include <functional>
#include <limits>
#include <memory>
#include <optional>

class SharedSeriesPrivate
{
public:
    explicit SharedSeriesPrivate(SharedSeries *series);

    static SharedSeriesPrivate *of(SharedSeries *series) { return series->d.get(); }

    /// What the plot does for its series; nothing without a plot.
    struct Host
    {
        std::function<void()> redraw = [] {};  ///< draws anew
        std::function<void()> rescale = [] {}; ///< sets the range of y
    };
    void redraw() const { m_host.redraw(); }
    /// Adopts the state of the segment and the properties.
    void sync();
    /// Sets what otherwise comes from the metadata.
    template<typename T, typename Read>
    void set(std::optional<T> *to, const std::optional<T> &value, Read read, void (SharedSeries::*changed)())
    {
        const T before = (q->*read)();
        *to = value;
        if ((q->*read)() == before)
            return;
        sync();
        Q_EMIT(q->*changed)();
    }

    // For the plot, in this order, before each frame.
    void take(const PlotView &view);
    /// Returns the x of the data, with space for bars; NaN without data.
    PlotView::Range xRange(const PlotView &view);
    /// Reduces the data to what is in view. @returns false to be called again soon.
    bool reduce(const PlotWindow &window);
    /// Returns the least and the greatest number in view, with the base of bars.
    PlotColumn yRange() const;
    /// Shows nothing.
    void hide();
    void warnOfScale();

    CurvePen pen() const;
    std::optional<QPointF> valueNear(double x) const;
    /// Returns a number of the series for people: as the metadata say or, without `decimals`, as the axis of a range writes it, with
    /// the digits that make a difference of about a pixel. @param pixels the length of the axis
    QString text(double value, PlotView::Range range, double pixels) const;

    SharedSeries *const q;
    Host m_host;
    SegmentFollower m_follower;
    std::unique_ptr<SeriesData> m_data; ///< null while there is nothing to show
    SeriesSetup m_setup;
    PlotCurve m_curve;
    PlotView::Range m_range{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    CurvePen m_pen; ///< without colours: what the plot decides
    QString m_instance;
    QString m_field;
    qint64 m_first = 0;
    qint64 m_count = -1;
    SharedSeries::Style m_style = SharedSeries::Style::Line;
    QColor m_color = QColorConstants::Svg::steelblue;
    QColor m_fill = Qt::transparent;
    double m_lineWidth = 1;
    double m_timeSpan = 0;
    std::optional<QString> m_label; ///< these four: as set
    std::optional<QString> m_unit;
    std::optional<double> m_sampleRate;
    std::optional<QString> m_timeField;
    QString m_ownLabel; ///< these four: of the metadata
    QString m_ownUnit;
    double m_ownSampleRate = 0;
    QString m_ownTimeField;
    FieldMetadata m_fieldMetadata;
    SharedLayout::Type m_fieldType = SharedLayout::Type::Float64;
    quint64 m_revision = 0;

private:
    void adoptMetadata();
    /// Returns what the properties or the metadata say of times.
    TimeMetadata times(const SharedLayout &layout);
    /// Returns the field to plot; without an explicit one, not the field with times. Nothing if there is none.
    std::optional<SharedLayout::Field> findField(const SharedLayout &layout);
    /// Prints a warning, once for each text.
    void warn(const QString &text);
    void setRevision(quint64 revision);
    void clear();
    void report();

    QStringList m_warnings;
};
