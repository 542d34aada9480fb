// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "revisioninfo.h"
#include "segment.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sharedsegment::engine {

/// Reads a stream from a position of its own, and counts what it missed. Holds up neither writers nor other readers. For
/// one thread at a time.
class SHAREDSEGMENTENGINE_EXPORT StreamReader
{
public:
    /// Begins at the newest: the first element is the next one that is appended.
    /// @param segment a stream (Content::ringBuffer()), or null: there is nothing to read
    explicit StreamReader(std::shared_ptr<Segment> segment = {});

    /// Continues at the own position in `segment`, which has replaced the present one.
    void follow(std::shared_ptr<Segment> segment);
    const std::shared_ptr<Segment> &segment() const { return m_segment; }

    void seekToNewest();
    /// The next read begins with the oldest element that is there then.
    void seekToOldest();
    /// At most the newest position.
    void seek(std::uint64_t position);

    /// The number of the next element, unless it is overwritten first.
    std::uint64_t position() const;
    /// The number of elements that can be read now.
    std::uint64_t available() const;
    /// The number of elements that were overwritten before they were read, in all reads so far.
    std::uint64_t lost() const { return m_lost; }

    /// Copies elements to the start of `to`: as many as are there and fit. They follow each other without a gap; what
    /// was lost lies before the first. Without space for an element, counts what is lost so far.
    /// @returns the position after the last one, the times of the append that ended there (0: it is not one of the newest
    /// two) and their number. 0 elements: there is no new one, or writers overwrote all of them in each attempt.
    RevisionInfo read(std::span<std::byte> to);

private:
    std::shared_ptr<Segment> m_segment;
    std::uint64_t m_position = 0;
    std::uint64_t m_lost = 0;
    bool m_isAtOldest = false; ///< nothing has been read since seekToOldest()
};

} // namespace sharedsegment::engine
