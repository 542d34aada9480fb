// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "scene.h"

#include <SharedSegment/SharedSegment>
#include <SharedSegment/SharedStreamReader>

#include <memory>
#include <vector>

/// Reads the streams for plots that hold their points themselves.
class StreamFeed
{
public:
    explicit StreamFeed(const scene::Source &source);

    /// Opens the streams, and begins `samples` before the newest. @returns whether that succeeded.
    bool open(qint64 samples);
    /// Returns the new samples of a stream, and the number of the first one of them.
    const std::vector<float> &read(int series, qint64 *first);

private:
    struct Stream
    {
        std::unique_ptr<SharedSegment> segment;
        std::unique_ptr<SharedStreamReader> reader;
    };
    std::vector<Stream> m_streams;
    std::vector<float> m_samples;
};
