// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "limitstate_p.h"

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace {

constexpr unsigned LimitCount = 4;
constexpr unsigned FirstHighLimit = 2;
constexpr std::array<LimitLevel, LimitCount> LevelOf = {LimitLevel::LowLow, LimitLevel::Low, LimitLevel::High,
                                                        LimitLevel::HighHigh};
constexpr qint64 LimitNanoseconds = 1'000'000;

constexpr quint8 limitBit(unsigned limit)
{
    return static_cast<quint8>(1U << limit);
}

void removeLimitBit(quint8 &bits, unsigned limit)
{
    bits = static_cast<quint8>(bits & ~limitBit(limit));
}

double *memberOf(ValueLimits &limits, unsigned limit)
{
    const std::array<double *, LimitCount> members = {&limits.lowLow, &limits.low, &limits.high, &limits.highHigh};
    return members.at(limit);
}

/// Returns the first two limits that contradict each other: a limit, and the one that follows. Nothing if all fit.
std::optional<std::pair<unsigned, unsigned>> firstContradiction(const ValueLimits &limits)
{
    const std::array<double, LimitCount> ordered = limits.ordered();
    std::optional<unsigned> before;
    for (unsigned limit = 0; limit < LimitCount; ++limit) {
        if (std::isnan(ordered.at(limit)))
            continue;
        if (before && ordered.at(*before) > ordered.at(limit))
            return std::pair(*before, limit);
        before = limit;
    }
    return std::nullopt;
}

} // namespace

bool ValueLimits::isEmpty() const
{
    const std::array<double, LimitCount> all = ordered();
    return std::all_of(all.begin(), all.end(), [](double limit) { return std::isnan(limit); });
}

double ValueLimits::leastNormal() const
{
    const double least = std::isnan(low) ? lowLow : low;
    return std::isnan(least) ? -std::numeric_limits<double>::infinity() : least;
}

double ValueLimits::greatestNormal() const
{
    const double greatest = std::isnan(high) ? highHigh : high;
    return std::isnan(greatest) ? std::numeric_limits<double>::infinity() : greatest;
}

QStringList ValueLimits::normalise()
{
    const QStringList names{u"lowLow"_s, u"low"_s, u"high"_s, u"highHigh"_s};
    QStringList removed;
    while (const auto pair = firstContradiction(*this)) {
        for (const unsigned limit : {pair->first, pair->second}) {
            *memberOf(*this, limit) = None;
            removed.append(names.at(limit));
        }
    }
    if (!std::isfinite(hysteresis) || hysteresis < 0) {
        hysteresis = 0;
        removed.append(u"hysteresis"_s);
    }
    if (delay < 0) {
        delay = 0;
        removed.append(u"delay"_s);
    }
    delay = std::min(delay, MostDelay);
    return removed;
}

qint64 ValueLimits::delayOf(double milliseconds)
{
    // A negative one stays, for normalise().
    return static_cast<qint64>(std::clamp(milliseconds, -1.0, static_cast<double>(MostDelay)));
}

int LimitState::severity(LimitLevel level)
{
    switch (level) {
    case LimitLevel::Normal:
        return 0;
    case LimitLevel::Unknown:
        return 1;
    case LimitLevel::Low:
    case LimitLevel::High:
        return 2;
    case LimitLevel::LowLow:
    case LimitLevel::HighHigh:
        return 3;
    }
    return 0;
}

void LimitState::evaluate(const ValueLimits &limits, const Reading &value, qint64 time)
{
    // Comparisons with NaN, of a value or a limit, are false: such a value changes no alarm.
    const std::array<double, LimitCount> ordered = limits.ordered();
    const bool isAllLow = value.greatest < limits.leastNormal();
    const bool isAllHigh = value.least > limits.greatestNormal();
    for (unsigned limit = 0; limit < LimitCount; ++limit) {
        const bool isHigh = limit >= FirstHighLimit;
        // Mirrored, so that for both sides greater is worse.
        const double judged = isHigh ? value.greatest : -value.least;
        const double bound = isHigh ? ordered.at(limit) : -ordered.at(limit);
        const bool isBeyond = judged > bound;
        if ((m_active & limitBit(limit)) != 0) {
            // The hysteresis may be wider than the normal values.
            const bool isOpposite = isHigh ? isAllLow : isAllHigh;
            if (judged <= bound - limits.hysteresis || isOpposite || std::isnan(bound))
                removeLimitBit(m_active, limit);
        } else if (!isBeyond) {
            removeLimitBit(m_pending, limit);
        } else if ((m_pending & limitBit(limit)) == 0 || time < m_begin.at(limit)) {
            // Also where the publisher's clock was set back.
            m_pending = static_cast<quint8>(m_pending | limitBit(limit));
            m_begin.at(limit) = time;
        }
    }
    m_isKnown = value.isKnown;
    settle(limits, time);
}

void LimitState::suspend(const ValueLimits &limits, qint64 time)
{
    m_pending = 0;
    m_isKnown = false;
    settle(limits, time);
}

void LimitState::end(qint64 time)
{
    m_active = 0;
    m_pending = 0;
    m_isKnown = true;
    settle(ValueLimits(), time);
}

bool LimitState::acknowledge()
{
    m_worst = m_level;
    return !std::exchange(m_isAcknowledged, true);
}

std::optional<qint64> LimitState::due(const ValueLimits &limits) const
{
    std::optional<qint64> due;
    for (unsigned limit = 0; limit < LimitCount; ++limit) {
        if ((m_pending & limitBit(limit)) == 0)
            continue;
        const qint64 end = m_begin.at(limit) + limits.delay * LimitNanoseconds;
        due = due ? std::min(*due, end) : end;
    }
    return due;
}

void LimitState::settle(const ValueLimits &limits, qint64 time)
{
    const qint64 delay = limits.delay * LimitNanoseconds;
    qint64 entered = time;
    for (unsigned limit = 0; limit < LimitCount; ++limit) {
        if ((m_pending & limitBit(limit)) == 0 || time - m_begin.at(limit) < delay)
            continue;
        removeLimitBit(m_pending, limit);
        m_active = static_cast<quint8>(m_active | limitBit(limit));
        m_isAcknowledged = false;
        if (activeLevel() == LevelOf.at(limit))
            entered = m_begin.at(limit) + delay;
    }
    LimitLevel level = activeLevel();
    if (level == LimitLevel::Normal && !m_isKnown)
        level = LimitLevel::Unknown;
    if (m_level != level) {
        m_level = level;
        m_since = entered;
    }
    m_worst = isNormal() ? LimitLevel::Normal : worse(m_worst, m_level);
}

LimitState::Level LimitState::activeLevel() const
{
    LimitLevel level = LimitLevel::Normal;
    // Of an array, both sides can be active; then the higher one of equal severity.
    for (unsigned limit = 0; limit < LimitCount; ++limit) {
        if ((m_active & limitBit(limit)) != 0 && severity(LevelOf.at(limit)) >= severity(level))
            level = LevelOf.at(limit);
    }
    return level;
}
