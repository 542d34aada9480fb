// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "plotcurve.h"

#include <QtCore/QtGlobal>

#include <algorithm>
#include <deque>
#include <span>
#include <vector>

/// A ring buffer of samples with increasing x, and of the least and the greatest number of its blocks, so that the extent of
/// any stretch takes time that grows with the logarithm of its length.
///
/// Samples are counted from 0 on, and numbers stay as old samples go.
class SampleStore
{
public:
    /// Maximum size of all samples.
    static constexpr qint64 MostBytes = qint64(1) << 30;

    /// @param hasRanges whether a sample has two numbers, a least and a greatest
    explicit SampleStore(bool hasRanges = false);

    void clear();
    quint64 begin() const { return m_begin; }
    quint64 end() const { return m_end; }
    bool isEmpty() const { return m_begin == m_end; }
    qsizetype bytesPerSample() const { return static_cast<qsizetype>(sizeof(double)) * (m_hasRanges ? 3 : 2); }

    /// Has space for `count` more samples without losing any. @returns whether the memory is there.
    bool reserve(qint64 count);
    /// Appends numbers, at most as many as there is space for, at the x of the last sample. Others than finite ones become NaN.
    /// @param highs empty unless the store has ranges
    void append(std::span<const double> lows, std::span<const double> highs);
    /// Sets the x of samples, which have to be among those kept.
    void setX(quint64 from, quint64 to, double start, double step);
    void setX(quint64 number, double x) { m_x[slot(number)] = x; }
    /// The line breaks before the sample `number`, which is not before the one of the last call.
    void breakBefore(quint64 number);
    /// Forgets samples before an x, but not the last one of them, from which a line comes.
    void dropBefore(double x) { dropTo(std::max(firstAt(x), m_begin + 1) - 1); }
    /// Forgets all but the last samples.
    void keepLast(qint64 count);

    double x(quint64 number) const { return m_x[slot(number)]; }
    /// Returns the mean difference of x between two samples; 1 if there are none.
    double spacing() const
    {
        return m_end - m_begin > 1 ? (x(m_end - 1) - x(m_begin)) / static_cast<double>(m_end - m_begin - 1) : 1;
    }
    /// Returns the number of the first sample whose x is at least `x`; end() if there is none.
    quint64 firstAt(double x) const;
    /// Returns the sample as a point.
    PlotPoint point(quint64 number) const;
    /// Returns the least and the greatest number of samples, and whether a break is among them.
    PlotColumn column(quint64 from, quint64 to) const;
    /// Fills `curve` with what `window` shows, and computes only what is not in it yet.
    void reduce(const PlotWindow &window, PlotCurve *curve);

private:
    struct Block
    {
        double low;
        double high;
    };

    std::size_t slot(quint64 number) const { return static_cast<std::size_t>(number & m_mask); }
    bool grow(quint64 capacity);
    void storeRanges(const double *lows, const double *highs, std::size_t count, std::size_t to);
    void dropTo(quint64 number);
    /// Takes the numbers of samples in, which lie in one block of 64.
    void extend(Block *block, quint64 from, quint64 to) const;
    void completeBlocks(quint64 from);
    bool hasBreak(quint64 from, quint64 to) const;
    void reduceToPoints(quint64 from, quint64 to, PlotCurve *curve) const;
    void reduceToColumns(const PlotWindow &window, PlotCurve *curve);

    bool m_hasRanges;
    quint64 m_begin = 0;
    quint64 m_end = 0;
    quint64 m_mask = 0;
    std::vector<double> m_x;
    std::vector<double> m_low;
    std::vector<double> m_high;   ///< empty without ranges
    std::vector<Block> m_blocks;  ///< of 64 samples
    std::vector<Block> m_groups;  ///< of 64 blocks
    std::deque<quint64> m_breaks; ///< numbers of the samples after them, in order
    quint64 m_reducedTo = 0;      ///< samples that the last curve has
    quint64 m_reducedFrom = 0;
    bool m_isOther = true; ///< nothing of the last curve holds
};
