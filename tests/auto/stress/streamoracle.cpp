// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "streamoracle.h"

#include "harness.h"

#include "engine/append.h"
#include "engine/format.h"
#include "engine/publisher.h"
#include "engine/registry.h"
#include "engine/ringbuffer.h"
#include "os/atomic.h"
#include "os/system.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

using namespace sharedsegment;
using engine::MemoryHeader;

namespace oracle {

namespace {

std::uint64_t wordOf(const Head &head, std::size_t index)
{
    return (head.batch ^ (std::uint64_t(head.index) << 40) ^ static_cast<std::uint64_t>(head.time))
             * 0x9e3779b97f4a7c15u
         + head.number + index;
}

} // namespace

void fill(std::span<std::byte> bytes, std::size_t elementSize, Head head)
{
    for (std::size_t at = 0; at < bytes.size(); at += elementSize, ++head.index) {
        std::byte *const element = bytes.data() + at;
        std::memcpy(element, &head, sizeof head);
        for (std::size_t offset = sizeof head; offset < elementSize; offset += 8) {
            const std::uint64_t word = wordOf(head, offset);
            std::memcpy(element + offset, &word, sizeof word);
        }
        if (head.number != NoNumber)
            ++head.number;
    }
}

Result<engine::CreatedSegment> create(const std::string &name, std::size_t words, engine::CreateOptions options)
{
    options.kind = engine::Kind::Stream;
    const Result<engine::Layout> layout = engine::Layout::parse("u64[" + std::to_string(words) + ']');
    Result<engine::CreatedSegment> created = harness::timed("create", [&] {
        return engine::createSegment(engine::Registry::ofEnvironment(), name, *layout, options);
    });
    if (!created)
        harness::violation("create: " + harness::describe(created.error()));
    return created;
}

Status append(engine::Segment &segment, std::span<std::byte> bytes, std::uint64_t batch)
{
    engine::PublishLock lock;
    if (Status locked = lock.acquire(segment.publisher(), harness::Wait); !locked)
        return locked;
    engine::RingBuffer &elements = *segment.content().ringBuffer();
    const std::size_t elementSize = segment.layout()->elementSize();
    const std::int64_t time = os::wallClock();
    fill(bytes, elementSize,
         {elements.position(), time, batch, 0, static_cast<std::uint32_t>(bytes.size() / elementSize)});
    elements.append(bytes, {time});
    segment.publisher().announce();
    return {};
}

void dieInAppend(engine::Segment &segment, std::uint64_t most, std::uint64_t batch)
{
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t elementSize = segment.layout()->elementSize();
    const std::uint64_t count = 1 + harness::randomUpTo(most - 1);
    const std::size_t size = static_cast<std::size_t>(count) * elementSize;
    const auto readable = static_cast<std::size_t>(harness::randomUpTo(size - 1));
    // Whole pages before the end of what is readable, and after it.
    const std::size_t before = (readable + page - 1) / page * page;
    const std::size_t after = (size - readable + page - 1) / page * page;
    auto *const pages = static_cast<std::byte *>(harness::shareBytes(before + after));
    const std::span<std::byte> bytes(pages + before - readable, size);
    fill(bytes, elementSize, {NoNumber, os::wallClock(), batch, 0, static_cast<std::uint32_t>(count)});
    ::mprotect(pages + before, after, PROT_NONE);
    std::signal(SIGSEGV, [](int) { ::kill(::getpid(), SIGKILL); });
    const Result<std::uint64_t> appended = engine::append(segment, bytes, harness::Wait);
    if (appended || appended.error().code != ErrorCode::Busy)
        harness::violation("a writer survives its death");
}

Reader::Reader(std::shared_ptr<engine::Segment> segment, bool hasExactTimes)
    : m_segment(std::move(segment))
    , m_reader(m_segment)
    , m_elementSize(m_segment->layout()->elementSize())
    , m_hasExactTimes(hasExactTimes)
    , m_start(m_reader.position())
    , m_next(m_start)
{
}

void Reader::violation(const std::string &what) const
{
    harness::violation("capacity " + std::to_string(m_segment->geometry().capacity) + ", elements of "
                       + std::to_string(m_elementSize) + " bytes, at " + std::to_string(m_next) + ": " + what);
}

void Reader::seekToOldest()
{
    m_reader.seekToOldest();
    m_isAtOldest = true;
    m_hasLast = false;
    m_lost = m_reader.lost();
    m_read = 0;
    m_next = m_start = m_reader.position();
}

std::uint64_t Reader::read(std::uint64_t most)
{
    m_bytes.resize(static_cast<std::size_t>(most) * m_elementSize);
    const std::uint64_t lostBefore = m_reader.lost();
    const RevisionInfo info = harness::timed("read", [&] { return m_reader.read(m_bytes); });
    const std::uint64_t lost = m_reader.lost() - lostBefore;
    m_counts.lost += lost;
    m_counts.elements += info.count;
    if (info.count > most) {
        violation(std::to_string(info.count) + " elements instead of at most " + std::to_string(most));
        return 0;
    }
    const std::uint64_t first = info.number - info.count;
    if (m_isAtOldest) {
        if (lost != 0)
            violation(std::to_string(lost) + " lost before the first element was delivered");
        if (first < m_next)
            violation("the oldest went backwards, to " + std::to_string(first));
        m_isAtOldest = info.count == 0;
        m_next = m_start = first;
        m_hasLast = false;
    } else if (first != m_next + lost) {
        violation(std::to_string(lost) + " lost, but the next one is " + std::to_string(first));
    }
    m_hasLast = m_hasLast && first == m_next;
    m_next = first;
    m_read += info.count;
    for (std::size_t i = 0; i < info.count; ++i)
        check(std::span(m_bytes).subspan(i * m_elementSize, m_elementSize));
    if (info.number != m_next || (!m_isAtOldest && m_reader.position() != m_next))
        violation("the position is " + std::to_string(m_reader.position()));
    checkTime(info);
    return info.count;
}

void Reader::check(std::span<const std::byte> element)
{
    Head head;
    std::memcpy(&head, element.data(), sizeof head);
    const bool mayHaveNoNumber = !m_hasExactTimes && m_segment->geometry().hasMultipleWriters();
    if (head.number == NoNumber && !mayHaveNoNumber)
        violation("an element of an append that has not ended");
    else if (head.number != m_next && head.number != NoNumber)
        violation("the element is number " + std::to_string(head.number));
    bool isWhole = head.index < head.count;
    for (std::size_t offset = sizeof head; offset < element.size(); offset += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, element.data() + offset, sizeof word);
        isWhole = isWhole && word == wordOf(head, offset);
    }
    if (!isWhole)
        violation("a torn element");
    const bool isNext = head.batch == m_last.batch && head.index == m_last.index + 1 && head.count == m_last.count
                     && head.time == m_last.time;
    const bool begins = head.batch != m_last.batch && head.index == 0;
    if (m_hasLast && !(m_last.index + 1 < m_last.count ? isNext : begins))
        violation("element " + std::to_string(head.index) + " of an append of " + std::to_string(head.count)
                  + " follows element " + std::to_string(m_last.index) + " of one of " + std::to_string(m_last.count));
    m_last = head;
    m_hasLast = true;
    ++m_next;
}

void Reader::checkTime(const RevisionInfo &info)
{
    if (info.timestamp == 0 || !m_hasLast)
        return;
    ++m_counts.times;
    if (m_hasExactTimes ? info.timestamp != m_last.time : info.timestamp < m_last.time)
        violation("the time is " + std::to_string(info.timestamp) + ", and that of the append "
                  + std::to_string(m_last.time));
}

void Reader::drain()
{
    const auto &header = *reinterpret_cast<const MemoryHeader *>(m_segment->view().memory.data());
    const std::uint64_t capacity = m_segment->geometry().capacity;
    const std::uint64_t position = os::loadAcquire(header.revision);
    const std::uint64_t reserved = os::loadRelaxed(header.reservedPosition);
    if (reserved < position)
        violation("reserved " + std::to_string(reserved) + " before the position " + std::to_string(position));
    const std::uint64_t oldest = reserved > capacity ? std::min(reserved - capacity, position) : 0;
    const std::uint64_t first = std::max(m_next, oldest);
    const std::uint64_t available = m_reader.available();
    if (available != position - first)
        violation(std::to_string(available) + " available instead of " + std::to_string(position - first));
    m_counts.unfinished += reserved > position ? 1 : 0;
    const std::uint64_t times = m_counts.times;
    if (read(capacity) != position - first)
        violation("not all from " + std::to_string(first) + " to " + std::to_string(position) + " came");
    if (m_next != position)
        violation("the position is " + std::to_string(position));
    if (m_read + m_reader.lost() - m_lost != position - m_start)
        violation(std::to_string(m_read) + " read and " + std::to_string(m_reader.lost() - m_lost) + " lost since "
                  + std::to_string(m_start));
    if (m_hasLast && m_counts.times == times)
        violation("the newest append has no time");
    // A writer that died in an append leaves nothing of it. More than the capacity goes in pieces.
    if (m_hasLast && m_last.count <= capacity && m_last.index + 1 != m_last.count)
        violation("a part of an append, " + std::to_string(m_last.index + 1) + " of " + std::to_string(m_last.count));
}

} // namespace oracle
