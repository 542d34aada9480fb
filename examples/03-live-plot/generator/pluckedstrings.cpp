// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "pluckedstrings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace {

struct Note
{
    double frequency; // Hz
    double level;
};

constexpr int Rate = 44100;
constexpr double SecondsPerNote = 0.36;
constexpr int NotesSounding = 4; // older notes are silent
constexpr std::array Tune{Note{110.00, 1.0},  Note{164.81, 0.55}, Note{220.00, 0.7}, Note{261.63, 0.5},
                          Note{329.63, 0.85}, Note{261.63, 0.45}, Note{220.00, 0.6}, Note{164.81, 0.5},
                          Note{87.31, 0.95},  Note{174.61, 0.5},  Note{220.00, 0.7}, Note{349.23, 0.75}};

/// Sound of a string with overtones; higher overtones fade faster.
double string(const Note &note, double seconds)
{
    double sum = 0;
    for (int overtone = 1; overtone <= 5; ++overtone) {
        sum += std::sin(2 * std::numbers::pi * note.frequency * overtone * seconds)
             * std::exp(-seconds * (2.6 + 1.5 * overtone)) / overtone;
    }
    return 0.55 * note.level * sum * std::min(1.0, seconds / 0.004);
}

float sample(qint64 number)
{
    const double now = static_cast<double>(number) / Rate;
    const auto newest = static_cast<qint64>(now / SecondsPerNote);
    double sum = 0;
    for (qint64 note = std::max<qint64>(0, newest - NotesSounding + 1); note <= newest; ++note)
        sum += string(Tune[static_cast<std::size_t>(note) % Tune.size()],
                      now - static_cast<double>(note) * SecondsPerNote);
    return static_cast<float>(std::clamp(sum, -1.0, 1.0));
}

} // namespace

Sound pluckedStrings()
{
    return {u"Plucked strings"_s, Rate, &sample};
}
