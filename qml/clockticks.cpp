// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The ticks of times and durations: at the boundaries of a clock and a calendar.

#include "decimalstep.h"
#include "plotticks.h"

#include <QtCore/QDateTime>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Minute = 60;
constexpr qint64 Hour = 60 * Minute;
constexpr qint64 Day = 24 * Hour;
constexpr int MonthsOfYear = 12;
constexpr double FirstTime = -62135596800; // of the year 1
constexpr double LastTime = 253402300799;  // of the year 9999

enum class Unit { Second, Date, Month };

struct ClockStep
{
    Unit unit;
    qint64 count;
    int parts;
};

constexpr ClockStep ClockTable[] = {
    {Unit::Second, 1, 5},
    {Unit::Second, 2, 4},
    {Unit::Second, 5, 5},
    {Unit::Second, 10, 5},
    {Unit::Second, 15, 3},
    {Unit::Second, 30, 3},
    {Unit::Second, Minute, 6},
    {Unit::Second, 2 * Minute, 4},
    {Unit::Second, 5 * Minute, 5},
    {Unit::Second, 10 * Minute, 5},
    {Unit::Second, 15 * Minute, 3},
    {Unit::Second, 30 * Minute, 3},
    {Unit::Second, Hour, 4},
    {Unit::Second, 2 * Hour, 4},
    {Unit::Second, 3 * Hour, 3},
    {Unit::Second, 6 * Hour, 6},
    {Unit::Second, 12 * Hour, 4},
    {Unit::Date, 1, 4},
    {Unit::Date, 2, 2},
    {Unit::Date, 7, 7},
    {Unit::Month, 1, 1},
    {Unit::Month, 3, 1},
    {Unit::Month, 6, 1},
    {Unit::Month, 12, 4},
    {Unit::Month, 24, 2},
    {Unit::Month, 60, 5},
    {Unit::Month, 120, 5},
    {Unit::Month, 240, 4},
    {Unit::Month, 600, 5},
    {Unit::Month, 1200, 5},
    {Unit::Month, 6000, 5},
    {Unit::Month, 12000, 2},
};
constexpr qsizetype ClockTableSize = std::size(ClockTable);

qint64 floorTo(qint64 number, qint64 step)
{
    const qint64 rest = number % step;
    return number - rest - (rest < 0 ? step : 0);
}

double sizeOf(const ClockStep &step)
{
    constexpr double AverageMonth = 30.436875 * Day;
    const double count = static_cast<double>(step.count);
    return step.unit == Unit::Second ? count
                                     : count * (step.unit == Unit::Date ? static_cast<double>(Day) : AverageMonth);
}

class ClockSteps final : public TickSteps
{
public:
    ClockSteps(double low, double high, double finest, const QTimeZone *zone, const QLocale &locale)
        : m_low(low)
        , m_high(high)
        , m_isClock(zone)
        , m_zone(zone ? *zone : QTimeZone::utc())
        , m_locale(locale)
        , m_fraction(DecimalStep::from(finest))
    {
        const auto isTooFine = [&](const ClockStep &step) { return sizeOf(step) < finest; };
        m_at = std::find_if_not(std::begin(ClockTable), std::end(ClockTable), isTooFine) - std::begin(ClockTable) - 1;
    }

    bool next() override
    {
        if (m_isClock && (m_low < FirstTime || m_high > LastTime))
            return false;
        if (m_at < 0 && m_fraction.next() && m_fraction.exponent < 0)
            return true;
        // A duration counts hours without an end.
        const qsizetype end = ClockTableSize;
        return ++m_at < end && (m_isClock || isOfDuration(ClockTable[m_at]));
    }

    double size() const override { return m_at < 0 ? m_fraction.size() : sizeOf(ClockTable[m_at]); }
    int parts() const override { return m_at >= 0 ? ClockTable[m_at].parts : m_fraction.mantissa == 2 ? 4 : 5; }

    QList<double> values() const override
    {
        if (m_at < 0)
            return fractions();
        const ClockStep &step = ClockTable[m_at];
        if (hasSeconds(step))
            return seconds(secondsOf(step));
        return step.unit == Unit::Date ? days(step.count) : months(static_cast<int>(step.count));
    }

    QString text(double value) const override
    {
        if (m_at < 0)
            return fractionText(value);
        const ClockStep &step = ClockTable[m_at];
        if (hasSeconds(step))
            return timeText(static_cast<qint64>(value), secondsOf(step));
        const QDate date = localTime(value).date();
        return step.unit == Unit::Date ? dayText(date)
                                       : m_locale.toString(date, date.month() == 1 ? u"yyyy"_s : u"MMM"_s);
    }

    QString caption(const QList<PlotTick> &ticks) const override
    {
        if (!m_isClock)
            return std::max(std::abs(m_low), std::abs(m_high)) < Hour ? u"min:s"_s : u"h:min:s"_s;
        const QDate date = localTime(std::floor(ticks.constFirst().value)).date();
        if (m_at < 0 || ClockTable[m_at].unit == Unit::Second)
            return m_locale.toString(date, u"d MMM yyyy"_s);
        return ClockTable[m_at].unit == Unit::Date ? m_locale.toString(date, u"yyyy"_s) : QString();
    }

private:
    static bool isOfDuration(const ClockStep &step) { return step.unit != Unit::Month; }
    bool hasSeconds(const ClockStep &step) const
    {
        return step.unit == Unit::Second || (step.unit == Unit::Date && !m_isClock);
    }
    static qint64 secondsOf(const ClockStep &step) { return step.unit == Unit::Second ? step.count : step.count * Day; }

    QDateTime localTime(double second) const
    {
        return QDateTime::fromSecsSinceEpoch(static_cast<qint64>(second), m_zone);
    }
    qint64 toLocal(qint64 second) const
    {
        return m_isClock ? second + m_zone.offsetFromUtc(QDateTime::fromSecsSinceEpoch(second, QTimeZone::utc()))
                         : second;
    }

    /// Returns the next second at which the clock shows a multiple of the step. Where the clock is put forward or back, this is
    /// not one step away.
    qint64 nextOnClock(qint64 second, qint64 step) const
    {
        qint64 next = second + step;
        const qint64 beyond = toLocal(next) - floorTo(toLocal(next), step);
        if (beyond == 0)
            return next;
        const qint64 before = next - beyond;
        next = before + step;
        const bool isBefore = before - second > step / 2 && toLocal(before) % step == 0;
        return isBefore ? before : next;
    }

    QList<double> fractions() const
    {
        QList<double> result;
        const int digits = -m_fraction.exponent;
        // A double does not tell such times apart by such steps.
        constexpr double MostSteps = 1e15;
        constexpr int MostDigits = 15;
        if (digits > MostDigits || !(std::abs(m_low) < MostSteps * m_fraction.size())
            || !(std::abs(m_high) < MostSteps * m_fraction.size()))
            return result;
        const double last = std::ceil(m_high / m_fraction.size());
        for (double at = std::floor(m_low / m_fraction.size()); at <= last; ++at) {
            const qint64 number = std::llround(at * m_fraction.mantissa);
            result.append(DecimalStep::scaled(static_cast<double>(number), m_fraction.exponent));
        }
        return result;
    }

    QString fractionText(double value) const
    {
        const int digits = -m_fraction.exponent;
        const qint64 second = std::llround(std::pow(10.0, digits));
        const qint64 number = std::llround(value / m_fraction.size()) * m_fraction.mantissa;
        const qint64 whole = floorTo(number, second) / second;
        // A duration below 0 is a sign and the duration.
        const bool isNegative = !m_isClock && number < 0;
        const qint64 part = isNegative ? -number % second : number - whole * second;
        if (m_isClock && part == 0 && isMidnight(whole))
            return timeText(whole, 1);
        const QString rest = m_locale.decimalPoint() + QString::number(part).rightJustified(digits, u'0');
        return (isNegative ? u"-"_s : QString()) + timeText(isNegative ? -number / second : whole, 1) + rest;
    }

    QList<double> seconds(qint64 step) const
    {
        QList<double> result;
        const auto low = static_cast<qint64>(std::floor(m_low));
        const auto high = static_cast<qint64>(std::ceil(m_high));
        qint64 at = low - (toLocal(low) - floorTo(toLocal(low), step)) - step;
        for (;; at = nextOnClock(at, step)) {
            result.append(static_cast<double>(at));
            if (at > high)
                return result;
        }
    }

    QList<double> days(qint64 step) const
    {
        QList<double> result;
        // Weeks begin on Mondays, like the count of days.
        qint64 day = floorTo(localTime(std::floor(m_low)).date().toJulianDay(), step);
        for (;; day += step) {
            const QDate date = QDate::fromJulianDay(day);
            const QDateTime start = date.startOfDay(m_zone);
            if (!start.isValid())
                return result;
            const auto at = static_cast<double>(start.toSecsSinceEpoch());
            result.append(at);
            if (at > m_high)
                return result;
        }
    }

    QList<double> months(int step) const
    {
        QList<double> result;
        const QDate first = localTime(std::floor(m_low)).date();
        qint64 month = floorTo(qint64(first.year()) * MonthsOfYear + first.month() - 1, step);
        for (;; month += step) {
            const int year = static_cast<int>(floorTo(month, MonthsOfYear) / MonthsOfYear);
            const QDate date(year, static_cast<int>(month - qint64(year) * MonthsOfYear) + 1, 1);
            const QDateTime start = date.startOfDay(m_zone);
            if (start.isValid())
                result.append(static_cast<double>(start.toSecsSinceEpoch()));
            // The calendar has no year 0.
            if (year > 10000 || (!result.isEmpty() && result.constLast() > m_high))
                return result;
        }
    }

    bool isMidnight(qint64 second) const
    {
        const QDateTime time = localTime(static_cast<double>(second));
        return time == time.date().startOfDay(m_zone);
    }

    QString dayText(QDate date) const
    {
        return m_locale.toString(date, date.dayOfYear() == 1 ? u"yyyy"_s : u"d MMM"_s);
    }

    QString timeText(qint64 second, qint64 step) const
    {
        if (m_isClock) {
            const QDateTime time = localTime(static_cast<double>(second));
            if (isMidnight(second))
                return dayText(time.date());
            return time.toString(step % Minute == 0 ? u"HH:mm"_s : u"HH:mm:ss"_s);
        }
        const qint64 size = std::abs(second);
        const auto twoDigits = [](qint64 number) { return QString::number(number).rightJustified(2, u'0'); };
        const QString sign = second < 0 ? u"-"_s : QString();
        const QString end = twoDigits(size % Minute);
        if (std::max(std::abs(m_low), std::abs(m_high)) < Hour)
            return sign + QString::number(size / Minute) + u':' + end;
        return sign + QString::number(size / Hour) + u':' + twoDigits(size / Minute % Minute) + u':' + end;
    }

    double m_low;
    double m_high;
    bool m_isClock;
    QTimeZone m_zone;
    QLocale m_locale;
    DecimalStep m_fraction; // below one second
    qsizetype m_at = -1;    // in the table; before it: fractions
};

} // namespace

std::unique_ptr<TickSteps> clockSteps(double low, double high, double finest, const QTimeZone *zone,
                                      const QLocale &locale)
{
    return std::make_unique<ClockSteps>(low, high, finest, zone, locale);
}
