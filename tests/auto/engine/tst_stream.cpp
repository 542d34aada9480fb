// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Streams in one process: what append() and StreamReader promise. Of writers that are stopped or killed: ../stress/tst_streams.cpp.

#include "contents.h"

#include "engine/append.h"
#include "engine/format.h"
#include "engine/recreatesegment.h"
#include "engine/streamreader.h"

#include "os/atomic.h"

using namespace contents;

namespace {

Result<CreatedSegment> createStream(const std::string &name, std::uint64_t capacity, bool multipleWriters = false)
{
    return createValues(name, Kind::Stream, capacity, 0, multipleWriters);
}

Result<std::uint64_t> appendValues(Segment &segment, const Values &values)
{
    return append(segment, std::as_bytes(std::span(values)), Wait);
}

/// Appends elements with their own numbers.
std::uint64_t appendNumbers(Segment &segment, std::size_t count)
{
    const Result<std::uint64_t> position = appendValues(segment, ramp(segment.revision(), count));
    return CHECK_OK(position) ? *position : 0;
}

Values readNumbers(StreamReader &reader, std::size_t most, RevisionInfo *info = nullptr)
{
    Values values(most);
    const RevisionInfo read = reader.read(std::as_writable_bytes(std::span(values)));
    values.resize(static_cast<std::size_t>(read.count));
    if (info)
        *info = read;
    return values;
}

void eachElementArrives()
{
    const Result<CreatedSegment> stream = createStream("arrives", 8);
    if (!CHECK_OK(stream))
        return;
    Segment &segment = *stream->segment;
    StreamReader reader(stream->segment);
    CHECK(readNumbers(reader, 8).empty());
    CHECK_EQUAL(appendNumbers(segment, 1), 1u);
    CHECK_EQUAL(appendNumbers(segment, 5), 6u);
    CHECK_EQUAL(reader.available(), 6u);
    CHECK(readNumbers(reader, 2) == ramp(0, 2));
    RevisionInfo info;
    CHECK(readNumbers(reader, 100, &info) == ramp(2, 4));
    CHECK_EQUAL(info.number, 6u);
    CHECK_EQUAL(info.count, 4u);
    CHECK(info.timestamp != 0);
    CHECK_EQUAL(info.timestamp, segment.timestamp());
    CHECK_EQUAL(appendNumbers(segment, 8), 14u); // over the end of the ring buffer
    CHECK(readNumbers(reader, 8) == ramp(6, 8));
    CHECK_EQUAL(reader.lost(), 0u);
}

void lossIsExact()
{
    const Result<CreatedSegment> stream = createStream("loss", 8);
    if (!CHECK_OK(stream))
        return;
    Segment &segment = *stream->segment;
    StreamReader reader(stream->segment);
    appendNumbers(segment, 8);
    CHECK_EQUAL(reader.available(), 8u);
    appendNumbers(segment, 3);
    CHECK_EQUAL(reader.available(), 8u);
    CHECK(readNumbers(reader, 2) == ramp(3, 2));
    CHECK_EQUAL(reader.lost(), 3u);
    CHECK_EQUAL(reader.position(), 5u);
    appendNumbers(segment, 100);
    CHECK(readNumbers(reader, 100) == ramp(103, 8));
    CHECK_EQUAL(reader.lost(), 101u);
    // Many capacities behind, a few elements at a time: none that is there is skipped.
    appendNumbers(segment, 1000);
    CHECK(readNumbers(reader, 3) == ramp(1103, 3));
    CHECK_EQUAL(reader.lost(), 101u + 992u);
}

void elementsInFlightAreLost()
{
    const Result<CreatedSegment> stream = createStream("flight", 8);
    if (!CHECK_OK(stream))
        return;
    Segment &segment = *stream->segment;
    StreamReader reader(stream->segment);
    appendNumbers(segment, 8);
    // A writer died at its next two elements.
    auto &header = *reinterpret_cast<MemoryHeader *>(segment.view().memory.data());
    os::storeRelaxed(header.reservedPosition, std::uint64_t(10));
    CHECK_EQUAL(reader.available(), 6u);
    CHECK(readNumbers(reader, 8) == ramp(2, 6));
    CHECK_EQUAL(reader.lost(), 2u);
    // The next one appends one element, and the reservation stays.
    appendNumbers(segment, 1);
    CHECK_EQUAL(os::loadRelaxed(header.reservedPosition), 10u);
    CHECK(readNumbers(reader, 8) == ramp(8, 1));
    CHECK_EQUAL(reader.lost(), 2u);
}

void elementsThatAreAllInFlightAreLost()
{
    const Result<CreatedSegment> stream = createStream("all", 8);
    if (!CHECK_OK(stream))
        return;
    Segment &segment = *stream->segment;
    StreamReader reader(stream->segment);
    appendNumbers(segment, 5);
    CHECK(readNumbers(reader, 2) == ramp(0, 2));
    // A writer is stopped at as many elements as the capacity.
    auto &header = *reinterpret_cast<MemoryHeader *>(segment.view().memory.data());
    os::storeRelaxed(header.reservedPosition, std::uint64_t(13));
    CHECK_EQUAL(reader.available(), 0u);
    // A caller that makes space for what is available has none, and waits then for another position than its own.
    CHECK(readNumbers(reader, 0).empty());
    CHECK_EQUAL(reader.lost(), 3u);
    CHECK_EQUAL(reader.position(), 5u);
}

void oldestIsWhatIsStillThere()
{
    const Result<CreatedSegment> stream = createStream("oldest", 8);
    if (!CHECK_OK(stream))
        return;
    Segment &segment = *stream->segment;
    appendNumbers(segment, 20);
    StreamReader reader(stream->segment);
    CHECK_EQUAL(reader.position(), 20u);
    reader.seekToOldest();
    CHECK_EQUAL(reader.position(), 12u);
    // What is overwritten before the first element is read was before the seek.
    appendNumbers(segment, 2);
    CHECK(readNumbers(reader, 3) == ramp(14, 3));
    CHECK_EQUAL(reader.lost(), 0u);
    appendNumbers(segment, 4);
    CHECK(readNumbers(reader, 8) == ramp(18, 8));
    CHECK_EQUAL(reader.lost(), 1u);
    reader.seek(19);
    CHECK(readNumbers(reader, 8) == ramp(19, 7));
    reader.seek(1000);
    CHECK_EQUAL(reader.position(), 26u);
    CHECK(readNumbers(reader, 8).empty());
    CHECK_EQUAL(reader.lost(), 1u);
}

void moreThanTheCapacityGoesInPieces()
{
    const Result<CreatedSegment> stream = createStream("pieces", 8);
    const Result<CreatedSegment> shared = createStream("sharedpieces", 8, true);
    if (!CHECK_OK(stream) || !CHECK_OK(shared))
        return;
    CHECK_EQUAL(appendNumbers(*stream->segment, 21), 21u);
    StreamReader reader(stream->segment);
    reader.seekToOldest();
    CHECK(readNumbers(reader, 8) == ramp(13, 8));
    CHECK_EQUAL(appendNumbers(*shared->segment, 8), 8u);
    CHECK_ERROR(appendValues(*shared->segment, ramp(8, 9)), ErrorCode::InvalidSize);
    CHECK_EQUAL(shared->segment->revision(), 8u);
}

void otherCallsSayWhatToDo()
{
    const Result<CreatedSegment> stream = createStream("calls", 8);
    const Result<CreatedSegment> array = createValues("array", Kind::VariableArray, 8);
    if (!CHECK_OK(stream) || !CHECK_OK(array))
        return;
    Segment &segment = *stream->segment;
    CHECK_ERROR(publishValues(segment, ramp(0, 8)), ErrorCode::InvalidState);
    WriteTransaction transaction;
    CHECK_ERROR(transaction.begin(segment, Wait), ErrorCode::InvalidState);
    RevisionInfo info;
    Values values(8);
    CHECK_ERROR(segment.read(std::as_writable_bytes(std::span(values)), 0, &info), ErrorCode::InvalidState);
    CHECK_ERROR(appendValues(*array->segment, ramp(0, 8)), ErrorCode::InvalidState);
    const std::byte part{};
    CHECK_ERROR(append(segment, {&part, 1}, Wait), ErrorCode::InvalidSize);
    CHECK_EQUAL(segment.revision(), 0u);
    CHECK_OK(appendValues(segment, {}));
    CHECK_EQUAL(segment.revision(), 0u);
    CHECK_ERROR(createValues("buffers", Kind::Stream, 8, 2), ErrorCode::InvalidSize);
}

void recreateKeepsTheNewest()
{
    for (const std::uint64_t capacity : {3u, 8u, 13u}) {
        Result<CreatedSegment> stream = createStream("recreate" + std::to_string(capacity), 8);
        if (!CHECK_OK(stream))
            return;
        appendNumbers(*stream->segment, 21);
        StreamReader reader(stream->segment);
        StreamReader late(stream->segment);
        reader.seek(15);
        const std::int64_t time = stream->segment->timestamp();
        Result<CreatedSegment> next = recreateSegment(*stream->ownership, capacity, {}, Wait);
        if (!CHECK_OK(next))
            return;
        CHECK_EQUAL(next->segment->timestamp(), time);
        reader.follow(next->segment);
        late.follow(next->segment);
        appendNumbers(*next->segment, 1);
        const std::uint64_t first = std::max<std::uint64_t>(15, 22 - capacity);
        CHECK(readNumbers(reader, 100) == ramp(first, static_cast<std::size_t>(22 - first)));
        CHECK_EQUAL(reader.lost(), first - 15);
        CHECK(readNumbers(late, 100) == ramp(21, 1));
        late.seekToOldest();
        CHECK_EQUAL(late.position(), 22 - std::min<std::uint64_t>(9, capacity));
    }
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"each element arrives", &eachElementArrives},
                          {"the loss is exact", &lossIsExact},
                          {"elements in flight are lost", &elementsInFlightAreLost},
                          {"elements that are all in flight are lost", &elementsThatAreAllInFlightAreLost},
                          {"the oldest is what is still there", &oldestIsWhatIsStillThere},
                          {"more than the capacity goes in pieces", &moreThanTheCapacityGoesInPieces},
                          {"other calls say what to do", &otherCallsSayWhatToDo},
                          {"recreate keeps the newest", &recreateKeepsTheNewest},
                      });
}
