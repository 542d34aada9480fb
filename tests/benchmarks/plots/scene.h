// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QSize>
#include <QtCore/QString>
#include <QtGui/QColor>
#include <QtGui/QImage>

#include <functional>
#include <optional>

/// What each plot of these benchmarks shows: streams that another process publishes all the time, one below the other. Each has a
/// wave with noise, and every half a second a spike of one sample.
namespace scene {

inline constexpr int SeriesCount = 16;
inline constexpr qint64 Rate = 100'000;      // samples a second of each
inline constexpr double Span = 10;           // seconds that are shown
inline constexpr qint64 Shown = 1'000'000;   // samples of each that are shown
inline constexpr double Frame = 1000.0 / 60; // ms
inline constexpr QSize Size{1000, 600};
inline constexpr double Lowest = 0; // what the y axis shows
inline constexpr double Highest = SeriesCount;

/// Names and times of what the other process publishes.
struct Source
{
    QString prefix;
    qint64 present = 0;       ///< the time of sample `presentSample`, in ns since 1970 UTC
    qint64 presentSample = 0; ///< the first one that was not there at once

    QString nameOf(int series) const { return prefix + u'.' + QString::number(series); }
    /// Returns the time of a sample in ms since 1970 UTC.
    double timeOf(qint64 sample) const
    {
        return static_cast<double>(present) / 1e6 + static_cast<double>(sample - presentSample) * 1000.0 / Rate;
    }
};

QColor colorOf(int series);
float valueOf(int series, qint64 sample);
bool isSpike(int series, qint64 sample);
/// Returns the number at the tip of the spikes.
double spikeOf(int series);

/// What a picture shows of the spikes.
struct Spikes
{
    int expected = 0;
    int missing = 0; ///< of those expected
    int surplus = 0; ///< columns that have the colour of a series at the height of its spikes, where none is
};
/// Where a plot draws samples, in pixels of its picture.
struct Picture
{
    QImage image;
    std::function<double(qint64)> column; ///< of a sample
    std::function<double(double)> row;    ///< of a number
    double left = 0;                      ///< the first and the last column of the data
    double right = 0;
    qint64 newest = 0;    ///< number after the last sample that is there
    double tolerance = 5; ///< columns that a sample may be off: when it was appended is known, and not when it was due
};
/// Looks for the spikes of all series in a picture.
Spikes findSpikes(const Picture &picture);

/// In the second process: publishes until standard input ends. @returns the exit code.
int publish(const QString &prefix);

} // namespace scene
