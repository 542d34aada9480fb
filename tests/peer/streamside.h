// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "pattern.h"

#include "engine/append.h"
#include "engine/streamreader.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// What the peer does with a stream. Each element proves that it is the one of its number: its key is the number + 1.
class StreamSide
{
public:
    explicit StreamSide(std::shared_ptr<sharedsegment::engine::Segment> segment)
        : m_segment(std::move(segment))
        , m_reader(m_segment)
        , m_elementSize(static_cast<std::size_t>(m_segment->layout()->elementSize()))
    {
    }

    void follow(std::shared_ptr<sharedsegment::engine::Segment> segment)
    {
        m_segment = std::move(segment);
        m_reader.follow(m_segment);
    }

    /// @returns the new position
    sharedsegment::Result<std::uint64_t> append(std::uint64_t count, std::chrono::nanoseconds wait)
    {
        // The only writer, or one that knows that the others are not at work.
        std::uint64_t number = m_segment->revision();
        m_bytes.resize(static_cast<std::size_t>(count) * m_elementSize);
        for (std::size_t at = 0; at < m_bytes.size(); at += m_elementSize)
            pattern::fill(std::span(m_bytes).subspan(at, m_elementSize), ++number);
        return sharedsegment::engine::append(*m_segment, m_bytes, wait);
    }

    /// Batches of 1 to half the capacity, one after the other.
    void appendNext(std::chrono::nanoseconds wait)
    {
        m_batch = m_batch % ((m_segment->geometry().capacity + 1) / 2) + 1;
        static_cast<void>(append(m_batch, wait));
    }

    void seek(const std::string &where)
    {
        if (where == "oldest")
            m_reader.seekToOldest();
        else if (where == "newest")
            m_reader.seekToNewest();
        else
            m_reader.seek(std::stoull(where));
    }

    struct Taken
    {
        std::uint64_t count = 0;
        std::uint64_t wrong = 0;
    };
    Taken take(std::uint64_t most)
    {
        m_bytes.resize(static_cast<std::size_t>(most) * m_elementSize);
        const sharedsegment::RevisionInfo read = m_reader.read(m_bytes);
        Taken taken{read.count, 0};
        for (std::uint64_t i = 0; i < read.count; ++i) {
            const auto element = std::span(m_bytes).subspan(static_cast<std::size_t>(i) * m_elementSize, m_elementSize);
            const std::uint64_t key = read.number - read.count + i + 1;
            taken.wrong += pattern::keyOf(element) == key && pattern::isWhole(element) ? 0 : 1;
        }
        return taken;
    }
    /// Reads for that time, few elements and many.
    Taken takeFor(std::chrono::milliseconds time)
    {
        Taken all;
        const auto end = std::chrono::steady_clock::now() + time;
        for (std::uint64_t most = 1; std::chrono::steady_clock::now() < end;
             most = most % m_segment->geometry().capacity + 1) {
            const Taken taken = take(most);
            all.count += taken.count;
            all.wrong += taken.wrong;
        }
        return all;
    }

    std::string describe(const Taken &taken) const
    {
        return "took " + std::to_string(taken.count) + " wrong " + std::to_string(taken.wrong) + " lost "
             + std::to_string(m_reader.lost()) + " at " + std::to_string(m_reader.position());
    }

private:
    std::shared_ptr<sharedsegment::engine::Segment> m_segment;
    sharedsegment::engine::StreamReader m_reader;
    std::size_t m_elementSize;
    std::uint64_t m_batch = 0;
    std::vector<std::byte> m_bytes;
};
