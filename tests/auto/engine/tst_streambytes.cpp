// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Streams as bytes: those that the page of the format describes, and any others, which another process may write there.

#include "contents.h"

#include "engine/append.h"
#include "engine/format.h"
#include "engine/geometry.h"
#include "engine/recreatesegment.h"
#include "engine/streamreader.h"
#include "os/atomic.h"

#include <array>
#include <cstring>
#include <functional>
#include <limits>

using namespace contents;

namespace {

constexpr std::uint64_t Most = std::numeric_limits<std::uint64_t>::max();
/// The elements end with a page: behind them is another mapping, or none.
constexpr std::uint64_t Capacity = 512;

Result<CreatedSegment> createStream(const std::string &name, std::uint64_t capacity, bool multipleWriters = false)
{
    return createValues(name, Kind::Stream, capacity, 0, multipleWriters);
}

void appendRamp(Segment &segment, std::size_t count)
{
    const Values values = ramp(segment.revision(), count);
    CHECK_OK(append(segment, std::as_bytes(std::span(values)), Wait));
}

template<typename T>
T at(const Segment &segment, std::size_t offset)
{
    T value{};
    std::memcpy(&value, segment.view().memory.data() + offset, sizeof value);
    return value;
}

void thePageSaysTheseBytes()
{
    const Result<CreatedSegment> stream = createStream("bytes", 5);
    if (!CHECK_OK(stream))
        return;
    const Segment &segment = *stream->segment;
    CHECK_EQUAL(at<std::uint64_t>(segment, 24), 5u);  // capacity
    CHECK_EQUAL(at<std::uint32_t>(segment, 56), 1u);  // buffer count
    CHECK_EQUAL(at<std::uint64_t>(segment, 64), 64u); // stride: 5 * 8, rounded up
    CHECK_EQUAL(at<std::uint32_t>(segment, 104), 2u); // kind
    for (std::size_t offset = 128; offset < 1024; offset += 8)
        CHECK_EQUAL(at<std::uint64_t>(segment, offset), 0u);

    appendRamp(*stream->segment, 3);
    const std::int64_t first = segment.timestamp();
    CHECK_EQUAL(at<std::uint64_t>(segment, 128), 3u); // position
    CHECK_EQUAL(at<std::uint64_t>(segment, 136), 3u); // reserved
    // Before the first append both entries have the position 0: it takes entry 1.
    CHECK_EQUAL(at<std::uint64_t>(segment, 256), 0u);
    CHECK_EQUAL(at<std::uint64_t>(segment, 288), 3u);
    CHECK_EQUAL(at<std::int64_t>(segment, 296), first);
    appendRamp(*stream->segment, 4);
    CHECK_EQUAL(at<std::uint64_t>(segment, 128), 7u);
    CHECK_EQUAL(at<std::uint64_t>(segment, 136), 7u);
    CHECK_EQUAL(at<std::uint64_t>(segment, 256), 7u);
    CHECK_EQUAL(at<std::int64_t>(segment, 264), segment.timestamp());
    CHECK_EQUAL(at<std::uint64_t>(segment, 288), 3u);
    CHECK_EQUAL(at<std::int64_t>(segment, 296), first);
    for (const std::size_t offset : {272u, 280u, 304u, 312u}) // zero, source timestamp
        CHECK_EQUAL(at<std::uint64_t>(segment, offset), 0u);
    for (std::size_t offset = 320; offset < 1024; offset += 8)
        CHECK_EQUAL(at<std::uint64_t>(segment, offset), 0u);
    // Element x lies at x % 5.
    for (const std::uint64_t number : {2u, 3u, 4u, 5u, 6u})
        CHECK_EQUAL(at<std::uint64_t>(segment, static_cast<std::size_t>(4096 + 8 * (number % 5))), number);
}

void theReplacementHasTheseBytes()
{
    for (const std::uint64_t capacity : {3u, 9u}) {
        const Result<CreatedSegment> stream = createStream("replacement", 5);
        if (!CHECK_OK(stream))
            return;
        appendRamp(*stream->segment, 7);
        const Result<CreatedSegment> next = recreateSegment(*stream->ownership, capacity, {}, Wait);
        if (!CHECK_OK(next))
            return;
        const Segment &segment = *next->segment;
        const std::uint64_t kept = std::min<std::uint64_t>(5, capacity);
        CHECK_EQUAL(at<std::uint64_t>(segment, 128), 7u);
        CHECK_EQUAL(at<std::uint64_t>(segment, 136), 7 + capacity - kept);
        CHECK_EQUAL(at<std::uint64_t>(segment, 256), 7u);
        CHECK_EQUAL(at<std::int64_t>(segment, 264), stream->segment->timestamp());
        CHECK_EQUAL(at<std::uint64_t>(segment, 288), 0u);
        for (std::uint64_t number = 7 - kept; number < 7; ++number)
            CHECK_EQUAL(at<std::uint64_t>(segment, static_cast<std::size_t>(4096 + 8 * (number % capacity))), number);
    }
}

/// What checkHeader() says of a stream's header after a change.
std::string problemOf(const std::function<void(MemoryHeader &)> &change)
{
    const Layout u64 = layout();
    const Result<Geometry> geometry = plan(u64, {Kind::Stream, Capacity});
    if (!CHECK_OK(geometry))
        return {};
    std::vector<std::byte> memory(static_cast<std::size_t>(geometry->segmentSize));
    writeHeader(memory, *geometry, u64, {});
    auto &header = *reinterpret_cast<MemoryHeader *>(memory.data());
    RecordHeader record = {};
    record.segmentSize = header.segmentSize;
    record.instance = header.instance;
    record.kind = header.kind;
    change(header);
    const Result<CheckedHeader> checked = checkHeader(memory, record);
    if (checked)
        return {};
    const std::string damaged = "the segment's header is damaged: ";
    CHECK(checked.error().code == ErrorCode::Corrupt);
    CHECK_EQUAL(checked.error().text.substr(0, damaged.size()), damaged);
    return checked.error().text.substr(damaged.size(), checked.error().text.find(';') - damaged.size());
}

void headersAreChecked()
{
    using H = MemoryHeader;
    CHECK_EQUAL(problemOf([](H &) {}), "");
    for (const std::uint32_t count : {0u, 2u, 3u, 16u, 17u, 0x80000000u, 0xffffffffu})
        CHECK_EQUAL(problemOf([count](H &header) { header.bufferCount = count; }), "buffer count");
    CHECK_EQUAL(problemOf([](H &header) { header.bufferStride = Capacity * 8 - 64; }), "buffer stride");
    CHECK_EQUAL(problemOf([](H &header) { header.bufferStride = 0; }), "buffer stride");
    CHECK_EQUAL(problemOf([](H &header) { header.bufferStride += 8; }), "buffer stride");
    CHECK_EQUAL(problemOf([](H &header) { header.bufferStride += 64; }), "segment size");
    CHECK_EQUAL(problemOf([](H &header) { header.bufferStride = Most - 63; }), "segment size");
    // One element more does not fit into the stride; one fewer leaves a gap.
    CHECK_EQUAL(problemOf([](H &header) { ++header.capacity; }), "buffer stride");
    CHECK_EQUAL(problemOf([](H &header) { --header.capacity; }), "");
    CHECK_EQUAL(problemOf([](H &header) { header.capacity = 0; }), "capacity");
    for (const std::uint64_t capacity : {Most, Most / 8, Most / 8 + 1, std::uint64_t(1) << 61, std::uint64_t(1) << 60})
        CHECK_EQUAL(problemOf([capacity](H &header) { header.capacity = capacity; }), "capacity");
    CHECK_EQUAL(problemOf([](H &header) { header.kind = 0; }), "kind");
    CHECK_EQUAL(problemOf([](H &header) { header.kind = 1; }), "kind");
    // No value of these is wrong.
    CHECK_EQUAL(problemOf([](H &header) { header.revision = header.reservedPosition = Most; }), "");
    CHECK_EQUAL(problemOf([](H &header) { std::memset(header.buffers, 0xff, sizeof header.buffers); }), "");
}

/// Reads with guards around the target. @returns whether all that came lies in the ring buffer.
bool readsWithinBounds(StreamReader &reader, std::size_t most)
{
    constexpr std::uint64_t Guard = 0x6775617264212121;
    Values values(most + 2, Guard);
    const RevisionInfo info = reader.read(std::as_writable_bytes(std::span(values).subspan(1, most)));
    bool isGood = info.count <= most && values.front() == Guard && values.back() == Guard
               && reader.available() <= Capacity && info.count <= info.number;
    for (std::size_t i = 0; i < info.count && isGood; ++i)
        isGood = values[i + 1] < Capacity;
    return isGood;
}

void anyPositionIsWithinBounds()
{
    const Result<CreatedSegment> stream = createStream("anything", Capacity, true);
    if (!CHECK_OK(stream))
        return;
    Segment &segment = *stream->segment;
    auto &header = *reinterpret_cast<MemoryHeader *>(segment.view().memory.data());
    const auto scribble = [&] {
        const Values elements = ramp(0, Capacity);
        std::memcpy(segment.view().memory.data() + segment.geometry().payloadOffset, elements.data(), Capacity * 8);
    };
    scribble();
    constexpr std::array<std::uint64_t, 15> Numbers = {0,
                                                       1,
                                                       Capacity - 1,
                                                       Capacity,
                                                       Capacity + 1,
                                                       3 * Capacity + 7,
                                                       std::uint64_t(1) << 32,
                                                       Most / 2,
                                                       Most / 8,
                                                       Most / 2 + 1,
                                                       Most - 1,
                                                       Most,
                                                       Most - Capacity,
                                                       Most - Capacity + 1,
                                                       Most - Capacity - 1};
    for (const std::uint64_t position : Numbers) {
        for (const std::uint64_t reserved : Numbers) {
            for (const std::uint64_t own : Numbers) {
                // The own position is one that the stream once had.
                os::storeRelaxed(header.revision, own);
                os::storeRelaxed(header.reservedPosition, own);
                StreamReader reader(stream->segment);
                StreamReader oldest(stream->segment);
                oldest.seekToOldest();
                os::storeRelaxed(header.revision, position);
                os::storeRelaxed(header.reservedPosition, reserved);
                for (const std::size_t most : {std::size_t(Capacity), std::size_t(1), std::size_t(2 * Capacity)}) {
                    const bool isGood = readsWithinBounds(reader, most) && readsWithinBounds(oldest, most);
                    if (!check::report(isGood, __FILE__, __LINE__,
                                       "position " + std::to_string(position) + ", reserved " + std::to_string(reserved)
                                           + ", own position " + std::to_string(own)))
                        return;
                }
                CHECK(reader.position() <= position);
            }
            // A writer goes on from there, beyond the greatest number, too.
            const std::uint64_t before = segment.revision();
            const Values values = ramp(0, 3);
            const Result<std::uint64_t> after = append(segment, std::as_bytes(std::span(values)), Wait);
            if (CHECK_OK(after))
                CHECK_EQUAL(*after, before + 3);
            scribble();
        }
    }
    for (const std::uint64_t number : Numbers) {
        os::storeRelaxed(header.revision, number);
        for (const std::uint64_t entry : Numbers) {
            os::storeRelaxed(header.buffers[0].sequence, entry);
            os::storeRelaxed(header.buffers[1].sequence, number);
            os::storeRelaxed(header.buffers[0].timestamp, std::int64_t(7));
            os::storeRelaxed(header.buffers[1].timestamp, std::int64_t(7));
            CHECK_EQUAL(segment.timestamp(), 7);
            os::storeRelaxed(header.buffers[1].sequence, Most);
            static_cast<void>(segment.timestamp());
        }
    }
}

void anyPositionCanBeReplaced()
{
    for (const std::uint64_t position : {std::uint64_t(0), std::uint64_t(1), Capacity + 1, Most / 2, Most}) {
        for (const std::uint64_t reserved : {std::uint64_t(0), position, position + 100, Most}) {
            Result<CreatedSegment> stream = createStream("replaced", Capacity, true);
            if (!CHECK_OK(stream))
                return;
            auto &header = *reinterpret_cast<MemoryHeader *>(stream->segment->view().memory.data());
            os::storeRelaxed(header.revision, position);
            os::storeRelaxed(header.reservedPosition, reserved);
            for (const std::uint64_t capacity : {std::uint64_t(1), 2 * Capacity}) {
                Result<CreatedSegment> next = recreateSegment(*stream->ownership, capacity, {}, Wait);
                if (!CHECK_OK(next))
                    return;
                StreamReader reader(next->segment);
                reader.seekToOldest();
                CHECK(readsWithinBounds(reader, 2 * Capacity));
                stream = std::move(next);
            }
        }
    }
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"the page says these bytes", &thePageSaysTheseBytes},
                          {"the replacement has these bytes", &theReplacementHasTheseBytes},
                          {"headers are checked", &headersAreChecked},
                          {"any position is within bounds", &anyPositionIsWithinBounds},
                          {"any position can be replaced", &anyPositionCanBeReplaced},
                      });
}
