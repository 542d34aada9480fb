// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "streamfeed.h"

#include <algorithm>
#include <span>

StreamFeed::StreamFeed(const scene::Source &source)
{
    for (int i = 0; i < scene::SeriesCount; ++i)
        m_streams.push_back({std::make_unique<SharedSegment>(source.nameOf(i)), nullptr});
}

bool StreamFeed::open(qint64 samples)
{
    for (Stream &stream : m_streams) {
        if (!stream.segment->open())
            return false;
        stream.reader = std::make_unique<SharedStreamReader>(stream.segment.get());
        stream.reader->seek(stream.segment->revision() - static_cast<quint64>(samples));
    }
    return true;
}

const std::vector<float> &StreamFeed::read(int series, qint64 *first)
{
    SharedStreamReader &reader = *m_streams[static_cast<std::size_t>(series)].reader;
    m_samples.resize(static_cast<std::size_t>(reader.available()));
    SharedRevision revision;
    const qsizetype count = reader.read(std::as_writable_bytes(std::span(m_samples)), &revision);
    m_samples.resize(static_cast<std::size_t>(count));
    *first = static_cast<qint64>(revision.number) - count;
    return m_samples;
}
