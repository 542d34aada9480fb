// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "plotticks.h"

#include "decimalpower.h"
#include "decimalstep.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace {

constexpr double LeastDistance = 8;      // of two ticks, in pixels
constexpr double LeastMinorDistance = 5; // of two lines of the grid
constexpr double MostTicks = 200;
constexpr double DurationsBegin = 120; // seconds: "90 s", but "2:30"
constexpr double DurationsEnd = 1e9;

class NumberSteps final : public TickSteps
{
public:
    NumberSteps(double low, double high, double finest, bool areWhole, const QLocale &locale)
        : m_low(low)
        , m_high(high)
        , m_locale(locale)
        , m_step(DecimalStep::from(std::max(finest, areWhole ? 1 : 0.0)))
        , m_power(DecimalPower::of(std::max(std::abs(low), std::abs(high))))
    {
    }

    bool next() override { return m_step.next(); }
    double size() const override { return m_step.size(); }
    int parts() const override { return m_step.mantissa == 2 ? 4 : 5; }

    QList<double> values() const override
    {
        QList<double> result;
        const double last = std::ceil(m_high / m_step.size());
        for (double at = std::floor(m_low / m_step.size()); at <= last; ++at) {
            const double value = DecimalStep::scaled(numberOf(at), m_step.exponent);
            if (std::isfinite(value))
                result.append(value);
        }
        return result;
    }

    QString text(double value) const override
    {
        const int power = m_step.exponent - m_power.exponent;
        const double number = numberOf(std::round(value / m_step.size()));
        return m_locale.toString(DecimalStep::scaled(number, power), 'f', std::max(-power, 0));
    }

    QString caption(const QList<PlotTick> &) const override { return m_power.text(); }

private:
    double numberOf(double at) const { return at * m_step.mantissa + 0.0; } // + 0.0 makes 0 of -0

    double m_low;
    double m_high;
    QLocale m_locale;
    DecimalStep m_step;
    DecimalPower m_power;
};

std::unique_ptr<TickSteps> stepsOf(const PlotTicks::Axis &axis, double low, double high, double finest)
{
    using Kind = PlotTicks::Kind;
    if (axis.kind == Kind::Time)
        return clockSteps(low, high, finest, &axis.zone, axis.locale);
    const double greatest = std::max(std::abs(low), std::abs(high));
    if (axis.kind == Kind::Seconds && greatest >= DurationsBegin && greatest < DurationsEnd)
        return clockSteps(low, high, finest, nullptr, axis.locale);
    return numberSteps(low, high, finest, axis.kind == Kind::Index, axis.locale);
}

/// Whether neighbours among the ticks of the range have free pixels between their labels.
bool isReadable(const QList<PlotTick> &ticks, const PlotTicks::Axis &axis, double perPixel)
{
    for (qsizetype i = 1; i < ticks.size(); ++i) {
        const double distance = (ticks[i].value - ticks[i - 1].value) / perPixel;
        if (distance < (axis.extent(ticks[i].text) + axis.extent(ticks[i - 1].text)) / 2 + axis.gap)
            return false;
    }
    return true;
}

QList<double> minorTicks(const QList<double> &values, const TickSteps &steps, double low, double high, double perPixel)
{
    QList<double> result;
    const int parts = steps.parts();
    if (parts < 2 || steps.size() / parts < LeastMinorDistance * perPixel)
        return result;
    for (qsizetype i = 1; i < values.size(); ++i) {
        const double from = values[i - 1];
        const double distance = values[i] - from;
        // A day of 23 hours has no regular parts.
        if (distance < steps.size() * 0.99 || distance > steps.size() * 1.01)
            continue;
        for (int part = 1; part < parts; ++part) {
            const double value = from + distance * part / parts;
            if (value >= low && value <= high)
                result.append(value);
        }
    }
    return result;
}

} // namespace

std::unique_ptr<TickSteps> numberSteps(double low, double high, double finest, bool areWhole, const QLocale &locale)
{
    return std::make_unique<NumberSteps>(low, high, finest, areWhole, locale);
}

PlotTicks PlotTicks::of(const Axis &axis)
{
    PlotTicks result;
    const double low = std::min(axis.from, axis.to);
    const double high = std::max(axis.from, axis.to);
    if (!std::isfinite(axis.from) || !std::isfinite(axis.to) || !(low < high) || !(axis.length >= LeastDistance))
        return result;
    // In halves: the span of two doubles may exceed the greatest double.
    const double perPixel = (high / 2 - low / 2) / axis.length * 2;
    // No label is narrower than a digit: where two ticks are in view, finer steps are not worth a try.
    const double least = axis.extent(u"0"_s) + axis.gap;
    const double distance = axis.length < 2 * least ? LeastDistance : std::max(LeastDistance, least);
    const double most = std::min(axis.length / distance, MostTicks);
    const double finest = std::max((high / 2 - low / 2) / most * 2, DecimalStep::leastAt(low, high));
    if (!std::isfinite(perPixel) || !std::isfinite(finest) || perPixel <= 0)
        return result;
    const std::unique_ptr<TickSteps> steps = stepsOf(axis, low, high, finest);
    while (steps->next()) {
        const QList<double> values = steps->values();
        QList<PlotTick> shown;
        for (const double value : values) {
            if (value >= low && value <= high)
                shown.append({value, QString()});
        }
        if (shown.isEmpty())
            return result;
        const auto label = [&](qsizetype from, qsizetype to) {
            for (qsizetype i = from; i < to; ++i)
                shown[i].text = steps->text(shown[i].value);
        };
        // The first two tell most of the steps that are too fine.
        const qsizetype first = std::min<qsizetype>(shown.size(), 2);
        label(0, first);
        if (!isReadable(shown.first(first), axis, perPixel))
            continue;
        label(first, shown.size());
        if (!isReadable(shown, axis, perPixel))
            continue;
        result.minor = minorTicks(values, *steps, low, high, perPixel);
        result.caption = steps->caption(shown);
        result.major = std::move(shown);
        return result;
    }
    return result;
}
