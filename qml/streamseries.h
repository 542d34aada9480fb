// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "samplestore.h"
#include "seriesdata.h"

#include <SharedSegment/SharedStreamReader>

#include <memory>
#include <vector>

/// The newest elements of a stream, each of which it reads once.
///
/// The time of an element is in its time field; or it follows from the time of the append and the sample rate; or else
/// elements that are read at once lie evenly between the times of two reads.
class StreamSeries : public SeriesData
{
public:
    explicit StreamSeries(const SeriesSetup &setup);

    PlotView::Scale scale() const override;
    void take(const PlotView &view) override;
    PlotView::Range xRange(const PlotView &view) const override;
    double spacing() const override { return m_store.spacing(); }
    bool followsTime() const override { return m_setup.timeSpan > 0; }
    bool reduce(const PlotWindow &window, PlotCurve *curve) override;
    bool isScrolling() const override;
    bool isInView(const PlotWindow &window) const override;
    quint64 revision() const override { return m_next; }
    void setPaused(bool paused) override { m_isPaused = paused; }
    void invalidate() override { m_isDirty = true; }
    bool adopt(const SeriesSetup &setup) override;

private:
    /// Elements that follow each other.
    struct Piece
    {
        quint64 number;   ///< of the first one in m_store
        quint64 position; ///< of the first one in the stream
        quint64 count;
    };

    bool hasTimes() const { return scale() == PlotView::Scale::Time; }
    /// Begins with as many elements as are shown, of those that are there already.
    void start();
    /// The most elements to keep.
    qint64 most() const;
    bool readPiece(const PlotView &view, SharedRevision *revision);
    /// Returns when the element before m_next was appended, by the time of the newest one and the rate; without a rate, now.
    qint64 estimatedTime() const;
    /// Gives the elements of m_pieces their x.
    void place(const PlotView &view, qint64 timestamp);
    void placeByRate(double time);
    void placeEvenly(double time);
    /// Gives the last element the x `end`, and each one before it `step` less.
    void placeBack(double end, double step);
    void drop(const PlotView &view);
    /// Forgets what is older than the time shown.
    void dropOld();

    SeriesSetup m_setup;
    SharedStreamReader m_reader;
    SampleStore m_store;
    std::unique_ptr<std::byte[]> m_buffer;
    std::vector<double> m_lows;
    std::vector<double> m_highs;
    std::vector<Piece> m_pieces; ///< of the present take()
    qsizetype m_pieceCount = 1;  ///< elements of m_buffer
    quint64 m_next = 0;          ///< position after the last element
    quint64 m_before = 0;        ///< the same before the present take()
    quint64 m_lost = 0;          ///< of the reader, at the last take()
    double m_lead = 0;           ///< how far the last element's x is ahead of the time of its append
    double m_now = 0;            ///< x of the present, at the last take()
    bool m_isStarted = false;
    bool m_isPaused = false;
    bool m_isUnfinished = false;
    bool m_isDirty = true; ///< there may be new elements
    bool m_isMemoryErrorReported = false;
};
