// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QList>
#include <QtCore/QLocale>
#include <QtCore/QString>
#include <QtCore/QTimeZone>

#include <functional>
#include <memory>

/// A place on an axis with its label.
struct PlotTick
{
    double value = 0;
    QString text;
};

/// The ticks of an axis: as many as fit with their labels, at numbers that people would choose. Pure functions: the same
/// axis gives the same ticks.
///
/// Steps are 1, 2 or 5 times a power of ten (P. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990), with the
/// density as the last criterion of J. Talbot, S. Lin and P. Hanrahan, "An Extension of Wilkinson's Algorithm for
/// Positioning Tick Labels on Axes", InfoVis 2010: labels never overlap. Times have steps of clock and calendar.
///
/// Large and small numbers are multiples of a common power of ten; see DecimalPower.
struct PlotTicks
{
    /// What the numbers of an axis mean.
    enum class Kind {
        Number,
        Index,   ///< whole numbers only
        Seconds, ///< seconds; from two minutes on as 2:00, from an hour on as 1:00:00
        Time,    ///< seconds since 1970 UTC, as times of the zone's clock, and as dates
    };

    struct Axis
    {
        double from = 0; ///< the number at the beginning; may be greater than `to`
        double to = 0;
        double length = 0; ///< in pixels
        double gap = 0;    ///< the least free pixels between two labels
        Kind kind = Kind::Number;
        std::function<double(const QString &)> extent; ///< the pixels of a label in the direction of the axis
        QLocale locale{};
        QTimeZone zone = QTimeZone::systemTimeZone();
    };

    QList<PlotTick> major; ///< ascending; empty if the range is empty, not finite, or too small for doubles
    QList<double> minor;   ///< between and beside the major ones, ascending, without those
    /// What all labels have in common: the power of ten ("×10⁶"), the form of a duration ("min:s") or the date. May be empty.
    QString caption;

    static PlotTicks of(const Axis &axis);
};

/// The steps of an axis, from fine to coarse.
class TickSteps
{
public:
    TickSteps() = default;
    virtual ~TickSteps() = default;
    Q_DISABLE_COPY_MOVE(TickSteps)

    /// Goes to the next coarser step. @returns false if there is none.
    virtual bool next() = 0;
    /// Returns the distance of two ticks; about, where the calendar is not regular.
    virtual double size() const = 0;
    /// Returns the number of parts into which minor ticks divide a step.
    virtual int parts() const = 0;
    /// Returns where the ticks of the range are, and one beyond each end, ascending.
    virtual QList<double> values() const = 0;
    /// Returns the label of one of values(). It takes far longer than the value.
    virtual QString text(double value) const = 0;
    virtual QString caption(const QList<PlotTick> &ticks) const = 0;
};

/// The steps of numbers within a range, none finer than `finest`.
std::unique_ptr<TickSteps> numberSteps(double low, double high, double finest, bool areWhole, const QLocale &locale);
/// The steps of a clock and a calendar. Without a zone: of a duration.
std::unique_ptr<TickSteps> clockSteps(double low, double high, double finest, const QTimeZone *zone,
                                      const QLocale &locale);
