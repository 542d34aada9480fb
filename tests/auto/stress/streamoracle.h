// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "engine/createsegment.h"
#include "engine/streamreader.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// Elements of streams that prove themselves, and a reader that checks each of them.
namespace oracle {

/// The number of an element whose writer does not know it before the append.
constexpr std::uint64_t NoNumber = ~std::uint64_t(0);

/// The start of each element. The words after it follow from it.
struct Head
{
    std::uint64_t number = 0;
    std::int64_t time = 0;   ///< of the append, or from right before it
    std::uint64_t batch = 0; ///< the append
    std::uint32_t index = 0; ///< within the append
    std::uint32_t count = 0; ///< of the append
};

/// Makes the elements of one append. `head` belongs to the first.
void fill(std::span<std::byte> bytes, std::size_t elementSize, Head head);

/// Creates a stream of elements of this many words.
sharedsegment::Result<sharedsegment::engine::CreatedSegment> create(const std::string &name, std::size_t words,
                                                                    sharedsegment::engine::CreateOptions options);

/// Makes the elements of one append, with their numbers and its time, and appends them.
/// @param bytes of whole elements, at most the capacity
sharedsegment::Status append(sharedsegment::engine::Segment &segment, std::span<std::byte> bytes, std::uint64_t batch);

/// Appends up to this many elements, of which a random byte and all after it cannot be read: the process kills itself
/// there, in the middle of the append. Returns only if another writer keeps the lock.
void dieInAppend(sharedsegment::engine::Segment &segment, std::uint64_t most, std::uint64_t batch);

/// What the readers of all processes count together.
struct Counts
{
    std::uint64_t elements = 0;
    std::uint64_t lost = 0;
    std::uint64_t unfinished = 0; ///< ends of streams in whose last append the writer died
    std::uint64_t times = 0;      ///< reads that ended with one of the newest two appends
};

/// A StreamReader with the oracle: each element is the next one, or exactly that many are lost; an append is there whole;
/// a time is the append's. Reports violations of the harness.
class Reader
{
public:
    /// @param hasExactTimes whether the elements have the time of their append, and not one from right before it
    Reader(std::shared_ptr<sharedsegment::engine::Segment> segment, bool hasExactTimes);

    void seekToOldest();
    /// Reads once, at most this many elements. @returns their number.
    std::uint64_t read(std::uint64_t most);
    /// When no writer is left: reads what is there, which is exactly known, and checks the sums.
    void drain();

    std::uint64_t lost() const { return m_reader.lost(); }
    std::uint64_t position() const { return m_reader.position(); }
    const Counts &counts() const { return m_counts; }
    /// The position that an update has to differ from.
    std::uint64_t next() const { return m_next; }

private:
    void check(std::span<const std::byte> element);
    void checkTime(const sharedsegment::RevisionInfo &info);
    void violation(const std::string &what) const;

    std::shared_ptr<sharedsegment::engine::Segment> m_segment;
    sharedsegment::engine::StreamReader m_reader;
    std::size_t m_elementSize;
    bool m_hasExactTimes;
    bool m_isAtOldest = false; ///< the first element delivered is the first that counts
    bool m_hasLast = false;
    Head m_last;              ///< the element before m_next, if it was read
    std::uint64_t m_start;    ///< what was read and lost since
    std::uint64_t m_lost = 0; ///< at m_start
    std::uint64_t m_read = 0; ///< since m_start
    std::uint64_t m_next;     ///< the number of the next element
    std::vector<std::byte> m_bytes;
    Counts m_counts;
};

} // namespace oracle
