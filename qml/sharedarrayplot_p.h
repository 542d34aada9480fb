// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedarrayplot.h"

#include "../src/core/fielddecoder.h"
#include "../src/core/segmentfollower_p.h"
#include "plotdata.h"
#include "plotpainter.h"

#include <QtCore/QList>
#include <QtGui/QImage>

#include <optional>

class SharedArrayPlotPrivate
{
public:
    explicit SharedArrayPlotPrivate(SharedArrayPlot *plot);

    void sync();
    /// Reads the samples of the newest revision.
    void read();
    /// Returns the number of elements of the revision to plot, or nothing if a writer interferes.
    std::optional<qint64> elementCount(const SharedSegment &segment) const;
    /// Returns the field to plot, or null.
    const FieldDecoder *findField(const QList<FieldDecoder> &fields) const;
    /// Copies the newest revision while paused, so that another range or size shows the same revision.
    void hold();
    void hold(SharedSegment *segment);
    void failForMemory(SharedSegment *segment);
    void failForSize(SharedSegment *segment, const PlotData::Request &request);
    void warnOfField(const QList<FieldDecoder> &fields);
    void clear();
    /// Sets the edges to the least and the greatest sample.
    void scale();
    QSize imageSize() const;
    double pixelRatio() const;
    /// Marks the samples for another read.
    void invalidate()
    {
        m_isDirty = true;
        q->polish();
    }

    SharedArrayPlot *const q;
    SegmentFollower m_follower;
    PlotData m_data;
    PlotPainter m_painter;
    QImage m_image;
    QString m_instance;
    QString m_field;
    qint64 m_first = 0;
    qint64 m_count = -1;
    int m_columns = 0;
    double m_lineWidth = 1;
    bool m_autoScale = true;
    bool m_isDirty = true;
    bool m_isImageDirty = true;
    quint64 m_revision = 0;
    quint64 m_readCount = 0;
    QString m_warnedField;
    QString m_reportedSize; ///< the last reported instance and number of elements
    bool m_isMemoryErrorReported = false;
};
