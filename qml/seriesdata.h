// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotcurve.h"
#include "plotview_p.h"

#include <SharedSegment/SharedSegment>

#include "../src/core/timemetadata.h"

#include <QtCore/QString>

#include <utility>

/// What a series shows of its segment.
struct SeriesSetup
{
    SharedSegment *segment = nullptr; ///< open
    SharedLayout::Field field{};      ///< has numbers
    TimeMetadata times;
    qsizetype elementSize = 0;
    qint64 first = 0;
    qint64 count = -1; ///< -1: all
    double timeSpan = 0;

    /// Returns the elements per second; 0 if they are not known.
    double sampleRate() const { return times.interval() > 0 ? 1e9 / times.interval() : 0; }
    bool operator==(const SeriesSetup &other) const
    {
        return segment == other.segment && isSame(field, other.field) && times == other.times
            && elementSize == other.elementSize && first == other.first && count == other.count
            && timeSpan == other.timeSpan;
    }

private:
    static bool isSame(const SharedLayout::Field &field, const SharedLayout::Field &other)
    {
        return field.type == other.type && field.offset == other.offset && field.count == other.count
            && field.isArray == other.isArray;
    }
};

/// The numbers of a series: reads them from the segment and reduces them to what is drawn.
class SeriesData
{
public:
    virtual ~SeriesData() = default;

    virtual PlotView::Scale scale() const = 0;
    /// Reads what is new and does not depend on what is in view. @param view tells which time x 0 is
    virtual void take(const PlotView &view) = 0;
    /// Returns the least and the greatest x; NaN if there are no elements. Where elements have a time and a `timeSpan`, the
    /// greatest is the present, and goes on without new ones.
    virtual PlotView::Range xRange(const PlotView &view) const = 0;
    /// Returns the usual difference of x between two elements.
    virtual double spacing() const = 0;
    /// Whether the greatest x is the present.
    virtual bool followsTime() const { return false; }
    /// Fills `curve` with what is in view. @returns false to be called again soon, since more is to be read.
    virtual bool reduce(const PlotWindow &window, PlotCurve *curve) = 0;
    /// Whether the plot moves on with time.
    virtual bool isScrolling() const { return false; }
    /// Whether the newest element is in view, or would be without the right edge.
    virtual bool isInView(const PlotWindow &) const { return true; }
    /// Returns the number of the revision shown.
    virtual quint64 revision() const = 0;
    /// Keeps the newest revision from now on, or goes on.
    virtual void setPaused(bool paused) = 0;
    /// Reads again at the next take(): there is another revision.
    virtual void invalidate() = 0;
    /// Goes on with another setup. @returns false if that is not possible.
    virtual bool adopt(const SeriesSetup &setup) = 0;
    quint64 readCount() const { return m_readCount; }
    quint64 readElements() const { return m_readElements; }
    /// Returns what failed, once; empty if nothing did.
    QString takeError() { return std::exchange(m_error, {}); }

protected:
    quint64 m_readCount = 0;
    quint64 m_readElements = 0;
    QString m_error;
};
