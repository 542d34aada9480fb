// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "scene.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace {

constexpr qint64 SpikeDistance = scene::Rate / 2;
constexpr double Middle = 0.4;
constexpr double Amplitude = 0.25;
constexpr double Noise = 0.05; // on both sides
constexpr double Tip = 0.95;

/// Returns a number from -1 to 1, one as good as random.
double noiseOf(quint64 number)
{
    number *= 0x9e3779b97f4a7c15;
    number ^= number >> 29;
    number *= 0xbf58476d1ce4e5b9;
    return static_cast<double>(number >> 40) / (1 << 23) - 1;
}

} // namespace

namespace scene {

QColor colorOf(int series)
{
    return QColor::fromHsv(series * 22, 220, 190);
}

bool isSpike(int series, qint64 sample)
{
    return sample % SpikeDistance == 1013 * (series + 1);
}

double spikeOf(int series)
{
    return series + Tip;
}

float valueOf(int series, qint64 sample)
{
    if (isSpike(series, sample))
        return static_cast<float>(spikeOf(series));
    // A triangle takes the publisher less time than a sine.
    const double phase = static_cast<double>(sample) / Rate * (0.2 + 0.05 * series);
    const double wave = 4 * std::abs(phase - std::floor(phase) - 0.5) - 1;
    const double noise = noiseOf(static_cast<quint64>(sample) * SeriesCount + static_cast<quint64>(series));
    return static_cast<float>(series + Middle + Amplitude * wave + Noise * noise);
}

Spikes findSpikes(const Picture &picture)
{
    Spikes found;
    for (int series = 0; series < SeriesCount; ++series) {
        const QRgb color = colorOf(series).rgb();
        const auto row = static_cast<int>(std::lround(picture.row(spikeOf(series))));
        const auto isAt = [&](int x) {
            for (int y = std::max(row - 1, 0); y <= std::min(row + 1, picture.image.height() - 1); ++y) {
                if (picture.image.rect().contains(x, y) && (picture.image.pixel(x, y) | 0xff000000) == color)
                    return true;
            }
            return false;
        };
        std::vector<bool> isExplained(static_cast<std::size_t>(picture.image.width()));
        for (qint64 sample = picture.newest - 1; sample >= 0; --sample) {
            if (!isSpike(series, sample))
                continue;
            const double column = picture.column(sample);
            if (column < picture.left - 2 * picture.tolerance - 2)
                break;
            bool isFound = false;
            for (int x = static_cast<int>(std::floor(column - picture.tolerance));
                 x <= static_cast<int>(std::floor(column + picture.tolerance)); ++x) {
                if (x < 0 || x >= picture.image.width())
                    continue;
                isExplained[static_cast<std::size_t>(x)] = true;
                isFound = isFound || isAt(x);
            }
            // One at the edge may be beyond it.
            if (column < picture.left + picture.tolerance || column > picture.right - picture.tolerance - 1)
                continue;
            ++found.expected;
            found.missing += isFound ? 0 : 1;
        }
        for (int x = static_cast<int>(picture.left); x < static_cast<int>(picture.right); ++x)
            found.surplus += isAt(x) && !isExplained[static_cast<std::size_t>(x)] ? 1 : 0;
    }
    return found;
}

} // namespace scene
