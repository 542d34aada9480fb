// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "samplestore.h"

#include "../src/core/memorycheck_p.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace {

constexpr quint64 BlockSize = 64;
constexpr quint64 GroupSize = BlockSize * BlockSize;
constexpr quint64 LeastCapacity = GroupSize;
constexpr double Endless = std::numeric_limits<double>::infinity();
constexpr double MissingNumber = std::numeric_limits<double>::quiet_NaN();

/// Without a branch, so that the processor takes several numbers at once.
double finiteOrNaN(double number)
{
    return number + 0 * number; // of an infinite one, NaN
}

} // namespace

SampleStore::SampleStore(bool hasRanges)
    : m_hasRanges(hasRanges)
{
}

void SampleStore::clear()
{
    m_begin = m_end;
    m_breaks.clear();
    m_isOther = true;
}

bool SampleStore::reserve(qint64 count)
{
    const quint64 needed = m_end - m_begin + static_cast<quint64>(count);
    return needed <= m_x.size() || grow(std::bit_ceil(std::max(needed, LeastCapacity)));
}

bool SampleStore::grow(quint64 capacity)
{
    const qint64 bytes = static_cast<qint64>(std::min(capacity, quint64(1) << 40)) * bytesPerSample();
    if (bytes > MostBytes || !hasMemoryFor(bytes + bytes / 16))
        return false;
    SampleStore larger(m_hasRanges);
    larger.m_mask = capacity - 1;
    const auto size = static_cast<std::size_t>(capacity);
    larger.m_x.resize(size);
    larger.m_low.resize(size);
    larger.m_high.resize(m_hasRanges ? size : 0);
    larger.m_blocks.resize(size / BlockSize);
    larger.m_groups.resize(size / GroupSize);
    for (quint64 number = m_begin; number < m_end; ++number) {
        const std::size_t to = larger.slot(number);
        larger.m_x[to] = m_x[slot(number)];
        larger.m_low[to] = m_low[slot(number)];
        if (m_hasRanges)
            larger.m_high[to] = m_high[slot(number)];
    }
    m_mask = larger.m_mask;
    m_x.swap(larger.m_x);
    m_low.swap(larger.m_low);
    m_high.swap(larger.m_high);
    m_blocks.swap(larger.m_blocks);
    m_groups.swap(larger.m_groups);
    completeBlocks(m_begin);
    return true;
}

void SampleStore::append(std::span<const double> lows, std::span<const double> highs)
{
    const quint64 first = m_end;
    const double lastX = isEmpty() ? -Endless : x(m_end - 1);
    const quint64 count = std::min<quint64>(lows.size(), m_x.size());
    // Numbers that are replaced are no samples any more.
    if (m_end + count > m_begin + m_x.size())
        dropTo(m_end + count - m_x.size());
    for (std::size_t taken = 0; taken < count;) {
        const std::size_t at = slot(m_end);
        const std::size_t run = std::min<std::size_t>(count - taken, m_x.size() - at); // to the end of the memory
        std::fill_n(m_x.data() + at, run, lastX);
        if (m_hasRanges)
            storeRanges(lows.data() + taken, highs.data() + taken, run, at);
        else
            std::transform(lows.data() + taken, lows.data() + taken + run, m_low.data() + at, &finiteOrNaN);
        m_end += run;
        taken += run;
    }
    completeBlocks(first);
}

void SampleStore::storeRanges(const double *lows, const double *highs, std::size_t count, std::size_t to)
{
    for (std::size_t i = 0; i < count; ++i) {
        const bool isNumber = std::isfinite(lows[i]) && std::isfinite(highs[i]);
        m_low[to + i] = isNumber ? lows[i] : MissingNumber;
        m_high[to + i] = isNumber ? highs[i] : MissingNumber;
    }
}

void SampleStore::setX(quint64 from, quint64 to, double start, double step)
{
    int steps = 0;
    for (quint64 number = from; number < to;) {
        const std::size_t at = slot(number);
        const std::size_t run = std::min<std::size_t>(to - number, m_x.size() - at); // to the end of the memory
        for (std::size_t i = 0; i < run; ++i)
            m_x[at + i] = start + steps++ * step;
        number += run;
    }
}

void SampleStore::breakBefore(quint64 number)
{
    if (m_breaks.empty() || m_breaks.back() != number)
        m_breaks.push_back(number);
}

void SampleStore::keepLast(qint64 count)
{
    if (static_cast<quint64>(count) < m_end - m_begin)
        dropTo(m_end - static_cast<quint64>(count));
}

void SampleStore::dropTo(quint64 number)
{
    m_begin = std::clamp(number, m_begin, m_end);
    while (!m_breaks.empty() && m_breaks.front() <= m_begin)
        m_breaks.pop_front();
}

void SampleStore::extend(Block *block, quint64 from, quint64 to) const
{
    const double *low = m_low.data() + slot(from);
    const double *high = (m_hasRanges ? m_high : m_low).data() + slot(from);
    // So that one comparison does not wait for the one before.
    constexpr std::size_t Lanes = 4;
    Block lanes[Lanes];
    std::fill_n(lanes, Lanes, *block);
    const auto add = [](Block &lane, double least, double greatest) {
        // Comparisons with NaN are false, so NaN is ignored.
        lane.low = least < lane.low ? least : lane.low;
        lane.high = greatest > lane.high ? greatest : lane.high;
    };
    const auto count = static_cast<std::size_t>(to - from);
    std::size_t i = 0;
    for (; i + Lanes <= count; i += Lanes) {
        for (std::size_t lane = 0; lane < Lanes; ++lane)
            add(lanes[lane], low[i + lane], high[i + lane]);
    }
    for (; i < count; ++i)
        add(lanes[0], low[i], high[i]);
    for (const Block &lane : lanes)
        add(*block, lane.low, lane.high);
}

/// Computes the blocks that end among the samples from `from` on.
void SampleStore::completeBlocks(quint64 from)
{
    for (quint64 block = from / BlockSize; (block + 1) * BlockSize <= m_end; ++block) {
        Block found{Endless, -Endless};
        // Samples that are gone already do no harm: only whole blocks of samples are used.
        extend(&found, block * BlockSize, (block + 1) * BlockSize);
        m_blocks[slot(block * BlockSize) / BlockSize] = found;
        if ((block + 1) % BlockSize != 0)
            continue;
        Block group{Endless, -Endless};
        const std::size_t first = slot((block + 1 - BlockSize) * BlockSize) / BlockSize;
        for (std::size_t i = first; i < first + BlockSize; ++i)
            group = {std::min(group.low, m_blocks[i].low), std::max(group.high, m_blocks[i].high)};
        m_groups[first / BlockSize] = group;
    }
}

bool SampleStore::hasBreak(quint64 from, quint64 to) const
{
    const auto at = std::lower_bound(m_breaks.cbegin(), m_breaks.cend(), from);
    return at != m_breaks.cend() && *at < to;
}

PlotColumn SampleStore::column(quint64 from, quint64 to) const
{
    if (from >= to)
        return PlotColumn();
    Block all{Endless, -Endless};
    quint64 at = from;
    while (at < to) {
        if (at % GroupSize == 0 && to - at >= GroupSize) {
            const Block &group = m_groups[slot(at) / GroupSize];
            all = {std::min(all.low, group.low), std::max(all.high, group.high)};
            at += GroupSize;
        } else if (at % BlockSize == 0 && to - at >= BlockSize) {
            const Block &block = m_blocks[slot(at) / BlockSize];
            all = {std::min(all.low, block.low), std::max(all.high, block.high)};
            at += BlockSize;
        } else {
            const quint64 next = std::min((at / BlockSize + 1) * BlockSize, to);
            extend(&all, at, next);
            at = next;
        }
    }
    PlotColumn result;
    result.isBroken = all.low > all.high || hasBreak(from, to);
    if (all.low <= all.high)
        result.add(all.low, all.high);
    return result;
}

quint64 SampleStore::firstAt(double x) const
{
    quint64 from = m_begin;
    quint64 to = m_end;
    while (from < to) {
        const quint64 middle = from + (to - from) / 2;
        if (this->x(middle) < x)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

PlotPoint SampleStore::point(quint64 number) const
{
    PlotPoint result;
    result.x = x(number);
    result.low = m_low[slot(number)];
    result.high = m_hasRanges ? m_high[slot(number)] : result.low;
    result.isBroken = hasBreak(number, number + 1);
    return result;
}

void SampleStore::reduce(const PlotWindow &window, PlotCurve *curve)
{
    const quint64 from = firstAt(window.from());
    quint64 to = firstAt(window.to());
    while (to < m_end && x(to) <= window.to())
        ++to; // The last one lies at the right edge.
    // Near the limit the kind of drawing does not change with each sample.
    const double covered = to > from ? window.place(x(to - 1)) - window.place(x(from)) : 0;
    const double limit = std::max(covered, 1.0) * (curve->hasPoints || m_isOther ? 1 : 0.8);
    if (static_cast<double>(to - from) > limit) {
        reduceToColumns(window, curve);
        return;
    }
    curve->window = window;
    reduceToPoints(from > m_begin ? from - 1 : from, to < m_end ? to + 1 : to, curve);
    m_isOther = true;
}

void SampleStore::reduceToPoints(quint64 from, quint64 to, PlotCurve *curve) const
{
    curve->clear();
    curve->hasPoints = true;
    double least = Endless;
    for (quint64 number = from; number < to; ++number) {
        curve->points.push_back(point(number));
        if (number > from && x(number) > x(number - 1))
            least = std::min(least, x(number) - x(number - 1));
    }
    curve->pointWidth = std::isfinite(least) ? least : curve->window.width * curve->window.columns / 10;
}

void SampleStore::reduceToColumns(const PlotWindow &window, PlotCurve *curve)
{
    const bool isSame = !m_isOther && !curve->hasPoints && window.hasSameColumns(curve->window);
    const qint64 shift = isSame ? window.first - curve->window.first : 0;
    auto &columns = curve->columns;
    const auto size = static_cast<qint64>(columns.size());
    qint64 kept = 0; // columns at the left edge that hold
    if (isSame && shift >= 0 && shift < size && m_reducedTo >= m_begin) {
        columns.erase(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(shift));
        kept = std::min<qint64>(size - shift, window.columns);
        // From the column on that got new samples. What comes may have the x of the last sample.
        if (m_reducedTo < m_end) {
            const double x = m_reducedTo > m_begin ? this->x(m_reducedTo - 1) : -Endless;
            kept = static_cast<qint64>(std::clamp(std::floor(window.place(x)), 0.0, static_cast<double>(kept)));
        }
    }
    columns.resize(static_cast<std::size_t>(kept));
    columns.resize(static_cast<std::size_t>(window.columns));
    if (kept > 0 && m_begin != m_reducedFrom) {
        // Old samples have gone from the first columns.
        const double last = std::min(std::floor(window.place(x(m_begin))), static_cast<double>(kept - 1));
        for (qint64 column = 0; static_cast<double>(column) <= last; ++column) {
            columns[static_cast<std::size_t>(column)] =
                this->column(firstAt(window.edge(column)), firstAt(window.edge(column + 1)));
            curve->changedFrom = std::numeric_limits<qint64>::min();
        }
    }
    quint64 from = firstAt(window.edge(kept));
    for (qint64 column = kept; column < window.columns && from < m_end; ++column) {
        const bool isLast = column + 1 == window.columns;
        quint64 to = firstAt(window.edge(column + 1));
        while (isLast && to < m_end && x(to) <= window.to())
            ++to;
        columns[static_cast<std::size_t>(column)] = this->column(from, to);
        from = to;
    }
    if (!isSame)
        curve->points.clear();
    curve->hasPoints = false;
    curve->changedFrom = kept > 0 ? std::min(curve->changedFrom, window.first + kept)
                                  : std::numeric_limits<qint64>::min();
    curve->window = window;
    m_reducedTo = m_end;
    m_reducedFrom = m_begin;
    m_isOther = false;
}
