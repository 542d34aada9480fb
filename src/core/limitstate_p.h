// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QStringList>

#include <array>
#include <limits>
#include <optional>

/// Where a value is among its limits. SharedLimits::Level has the same values, for programs.
enum class LimitLevel { Normal, Low, LowLow, High, HighHigh, Unknown };

/// The limits of one value. A limit that is NaN does not exist.
struct SHAREDSEGMENT_EXPORT ValueLimits
{
    static constexpr double None = std::numeric_limits<double>::quiet_NaN();
    static constexpr qint64 MostDelay = std::numeric_limits<int>::max(); ///< ms; 24 days

    double lowLow = None;
    double low = None;
    double high = None;
    double highHigh = None;
    double hysteresis = 0; ///< how far inside a limit a value has to be to leave the level
    qint64 delay = 0;      ///< ms that a value has to be outside a limit before that counts

    /// Returns the limits in ascending order.
    std::array<double, 4> ordered() const { return {lowLow, low, high, highHigh}; }
    bool isEmpty() const;
    /// The least and the greatest normal value; infinite without a limit on that side.
    double leastNormal() const;
    double greatestNormal() const;
    /// Removes limits that contradict each other: both of two neighbours of which the lower one is greater. Takes a
    /// hysteresis or a delay that makes no sense as 0. @returns the names of what was removed.
    QStringList normalise();
    /// Returns a delay as whole ms, at most MostDelay.
    static qint64 delayOf(double milliseconds);
};

/// The condition of one value against its limits, as an alarm of ISA-18.2 (IEC 62682): a level, and whether an operator has
/// acknowledged it. Times are in ns since 1970, not negative.
///
/// Each of the four limits is an alarm of its own, with the same delay (on-delay) and hysteresis (deadband). A value
/// exceeds a limit that it lies beyond, not one that it is equal to. The worst active alarm makes the level.
class SHAREDSEGMENT_EXPORT LimitState
{
public:
    using Level = LimitLevel;

    /// What is judged: a number, or the least and the greatest of several. Not known if one of them is NaN.
    struct Reading
    {
        double least = 0;
        double greatest = 0;
        bool isKnown = true;
    };

    /// Judges a value of the time `time`.
    void evaluate(const ValueLimits &limits, const Reading &value, qint64 time);
    /// Lets excursions count whose delay has passed at `time`, as if the last value lasted.
    void advance(const ValueLimits &limits, qint64 time) { settle(limits, time); }
    /// Nothing is known of the value any more: active alarms stay, a normal level becomes Unknown, and delays end.
    void suspend(const ValueLimits &limits, qint64 time);
    /// The value does not exist any more: all alarms end.
    void end(qint64 time);
    /// @returns whether there was something to acknowledge.
    bool acknowledge();

    /// When the next delay ends, if one runs.
    std::optional<qint64> due(const ValueLimits &limits) const;
    Level level() const { return m_level; }
    /// The worst level since the alarm began or was acknowledged.
    Level worstLevel() const { return m_worst; }
    /// When the value entered its level.
    qint64 since() const { return m_since; }
    bool isAcknowledged() const { return m_isAcknowledged; }
    /// Whether the level is normal, and nothing waits to be acknowledged.
    bool isNormal() const { return m_level == Level::Normal && m_isAcknowledged; }
    /// Whether it is as a new one: normal, and no delay runs.
    bool isIdle() const { return isNormal() && m_pending == 0; }

    static int severity(Level level);
    static Level worse(Level a, Level b) { return severity(b) > severity(a) ? b : a; }

private:
    /// Activates what has been pending long enough, and derives the level.
    void settle(const ValueLimits &limits, qint64 time);
    Level activeLevel() const;

    std::array<qint64, 4> m_begin{}; ///< of the excursions that are pending
    qint64 m_since = 0;
    quint8 m_active = 0;  ///< a bit for each limit, in ascending order
    quint8 m_pending = 0; ///< the same, of excursions that do not count yet
    Level m_level = Level::Normal;
    Level m_worst = Level::Normal;
    bool m_isKnown = true;
    bool m_isAcknowledged = true;
};
