// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedseries.h"

#include "sharedplot.h"

#include <QtCore/QPointer>
#include <QtCore/QString>

#include <optional>

class SharedSeriesPrivate
{
public:
    explicit SharedSeriesPrivate(SharedSeries *series);

    /// Returns the plot of which the series is a child, or null.
    SharedPlot *plot() const { return qobject_cast<SharedPlot *>(q->parentItem()); }
    /// Has the plot draw anew.
    void redraw() const;
    /// Has the plot read and draw anew.
    void invalidate();
    /// Sets what otherwise comes from the metadata.
    template<typename T, typename Read>
    void set(std::optional<T> *to, const std::optional<T> &value, Read read, void (SharedSeries::*changed)())
    {
        const T before = (q->*read)();
        *to = value;
        if ((q->*read)() == before)
            return;
        invalidate();
        Q_EMIT(q->*changed)();
    }

    SharedSeries *const q;
    QPointer<SharedSegment> m_segment;
    QString m_field;
    qint64 m_first = 0;
    qint64 m_count = -1;
    SharedSeries::Style m_style = SharedSeries::Style::Line;
    QColor m_color = QColorConstants::Svg::steelblue;
    QColor m_fill{Qt::transparent};
    double m_lineWidth = 1;
    std::optional<QString> m_label;
    std::optional<QString> m_unit;
    double m_timeSpan = 0;
    std::optional<double> m_sampleRate;
    std::optional<QString> m_timeField;
    double m_maximumRate = 0;
    bool m_isPaused = false;
    quint64 m_revision = 0;
    quint64 m_readCount = 0;
};
