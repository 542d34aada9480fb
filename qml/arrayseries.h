// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotdata.h"
#include "samplestore.h"
#include "seriesdata.h"

/// The newest revision of an array. Goes through its elements once for each revision and view.
class ArraySeries : public SeriesData
{
public:
    explicit ArraySeries(const SeriesSetup &setup);

    PlotView::Scale scale() const override;
    void take(const PlotView &view) override;
    PlotView::Range xRange(const PlotView &view) const override;
    double spacing() const override { return hasTimes() ? m_store.spacing() : step(); }
    bool reduce(const PlotWindow &window, PlotCurve *curve) override;
    quint64 revision() const override { return m_revision; }
    void setPaused(bool paused) override;
    void invalidate() override { m_isDirty = true; }
    bool adopt(const SeriesSetup &setup) override;

private:
    /// Returns the number of elements of the revision to plot, or nothing if a writer interferes.
    std::optional<qint64> elementCount() const;
    bool hasTimes() const { return m_setup.times.hasField(); }
    double step() const { return m_setup.sampleRate() > 0 ? 1 / m_setup.sampleRate() : 1; }
    PlotData::Request requestFor(const PlotWindow &window) const;
    bool read(const PlotWindow &window, PlotCurve *curve);
    /// Reads numbers and times of all elements.
    void readTimes(const PlotView &view);
    void store(const PlotView &view, const std::byte *elements, qint64 count);
    void hold();
    bool isTooLarge(qint64 count);
    void failForMemory();

    SeriesSetup m_setup;
    PlotData m_data;
    PlotData::Request m_request; ///< of the columns
    SampleStore m_store;         ///< with times
    qint64 m_total = 0;
    qint64 m_count = 0; ///< elements to plot
    quint64 m_revision = 0;
    qint64 m_reportedCount = -1;
    bool m_isMemoryErrorReported = false;
    bool m_isPaused = false;
    bool m_isDirty = true;
};
