// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "secondprocess.h"

#include <QtCore/QString>

#include <optional>
#include <vector>

/// The elements of the lists that are shown, and of those that are plotted.
inline constexpr qsizetype ListLength = 1'000'000;
inline constexpr qsizetype PlotLength = 10'000'000;

/// A second process of this program, which publishes on command.
class QuickOwner
{
public:
    static constexpr const char *List = "list";       ///< f64
    static constexpr const char *Plot64 = "plot.f64"; ///< a wave
    static constexpr const char *Plot32 = "plot.f32"; ///< the same
    static constexpr const char *Stream =
        "stream"; ///< f64, published in place, 10 000 times a second between start and stop
    static constexpr const char *Still = "still"; ///< f64, published once and never again

    static constexpr double StreamRate = 10'000; ///< in Hz

    /// @returns false, after a message, when it does not start in time.
    bool start();

    static QString nameOf(const char *what);

    /// @returns the revision that is published by then.
    std::optional<quint64> publish(const char *what);
    /// Only the first elements, which are visible, or only the last.
    bool startStream(bool areVisible);
    bool stopStream();

    /// In the second process: until standard input ends.
    static int run(const QString &prefix);

private:
    std::optional<quint64> ask(const QByteArray &command);

    SecondProcess m_process;
};

/// What is plotted.
template<typename T>
std::vector<T> wave();
