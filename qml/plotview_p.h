// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QObject>
#include <QtCore/QPointF>
#include <QtCore/QRectF>

/// What a plot shows: where its data are drawn, and which numbers lie at the edges of that area.
///
/// Each range either follows the data, by the plot, or is held where the user has put it. A range may be reversed. The range of x
/// stays so when it follows the data again.
class PlotView : public QObject
{
    Q_OBJECT

public:
    /// What a number on the x axis means.
    enum class Scale {
        Index,   ///< the index of an element, or its number in a stream
        Seconds, ///< seconds after the first element
        Time,    ///< seconds after timeOrigin()
    };
    Q_ENUM(Scale)

    /// From the left or lower edge to the right or upper one.
    struct Range
    {
        double from;
        double to;

        double span() const { return to - from; }
        bool isReversed() const { return from > to; }
        bool operator==(const Range &) const = default;
    };

    explicit PlotView(QObject *parent = nullptr);

    /// The area of the data, in coordinates of the plot.
    QRectF plotArea() const { return m_plotArea; }
    void setPlotArea(const QRectF &plotArea);

    Scale scale() const { return m_scale; }
    /// For the plot: sets what the x of its data mean. Numbers that the user has set before the first data are of that
    /// scale; those of another scale are no longer held.
    void setScale(Scale scale);

    /// The time of x 0 with Scale::Time, in ms since 1970 UTC: a `double` counts from there, to keep its precision. Does not
    /// change while the view lives.
    qint64 timeOrigin() const { return m_timeOrigin; }
    /// Returns the x of a time in ns since 1970 UTC, with Scale::Time.
    double toX(qint64 nanoseconds) const;
    /// Returns the time of an x in ms since 1970 UTC, with Scale::Time.
    double toTime(double x) const { return static_cast<double>(m_timeOrigin) + x * 1000; }
    /// Returns the x of a time in ms since 1970 UTC, with Scale::Time.
    double fromTime(double time) const { return (time - static_cast<double>(m_timeOrigin)) / 1000; }

    Range xRange() const { return m_x; }
    Range yRange() const { return m_y; }

    /// Whether the range follows the data: all of them, or the newest; else the user holds it.
    bool followsX() const { return m_followsX; }
    bool followsY() const { return m_followsY; }

    /// For the plot: sets the range of the data. Has no effect while the user holds the range.
    void followX(Range range);
    void followY(Range range);
    /// For the user: sets the range and holds it. A range that is not finite has no effect.
    void holdX(Range range);
    void holdY(Range range);
    void hold(Range x, Range y);
    /// Follows the data again, from the next frame on.
    void releaseX();
    void releaseY();

    // Between numbers and coordinates of the plot; a range of span 0 lies in the middle. Numbers far outside become finite.
    double toPixelX(double x) const;
    double toPixelY(double y) const;
    double fromPixelX(double pixel) const;
    double fromPixelY(double pixel) const;

Q_SIGNALS:
    /// Emitted once for each call that changes anything.
    void changed();

private:
    bool hold(Range range, Range *held, bool *follows);

    QRectF m_plotArea;
    Range m_x{0, 1};
    Range m_y{0, 1};
    Scale m_scale = Scale::Index;
    bool m_hasScale = false; ///< whether data have set it
    const qint64 m_timeOrigin;
    bool m_followsX = true;
    bool m_followsY = true;
};
