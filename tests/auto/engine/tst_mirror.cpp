// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a mirror of another host's segment has besides an ordinary segment: the times of the source.

#include "contents.h"

#include "engine/append.h"
#include "engine/recreatesegment.h"
#include "engine/streamreader.h"

#include <cstring>

using namespace contents;

namespace {

constexpr RevisionTimes Times{1'700'000'000'000'000'000, 1'600'000'000'000'000'000};

std::int64_t wordAt(const Segment &segment, std::size_t offset)
{
    std::int64_t word = 0;
    std::memcpy(&word, segment.view().memory.data() + offset, sizeof word);
    return word;
}

bool areOf(const RevisionInfo &info, const RevisionTimes &times)
{
    return info.timestamp == times.timestamp && info.sourceTimestamp == times.sourceTimestamp;
}

void timesOfArrays()
{
    for (const Kind kind : {Kind::FixedArray, Kind::VariableArray}) {
        Result<CreatedSegment> mirror = createValues("arrays", kind, 4, 2);
        REQUIRE(CHECK_OK(mirror));
        Segment &segment = *mirror->segment;
        Result<std::shared_ptr<Segment>> reader = openSegment(registry(), "arrays", os::Access::ReadOnly);
        REQUIRE(CHECK_OK(reader));
        const Values values = ramp(1, 4);
        CHECK_EQUAL(*publishMirrored(segment, std::as_bytes(std::span(values)), Times, Wait), 1u);
        RevisionInfo info;
        CHECK(readValues(**reader, &info) == values);
        CHECK(areOf(info, Times));
        CHECK_EQUAL(wordAt(segment, 256 + 32 + 8), Times.timestamp); // buffer 1
        CHECK_EQUAL(wordAt(segment, 256 + 32 + 24), Times.sourceTimestamp);
        // Without a timestamp: now.
        const std::int64_t before = os::wallClock();
        CHECK_OK(publishMirrored(segment, std::as_bytes(std::span(values)), {0, Times.sourceTimestamp}, Wait));
        readValues(**reader, &info);
        CHECK(info.timestamp >= before);
        CHECK_EQUAL(info.sourceTimestamp, Times.sourceTimestamp);
        // A replacement has both.
        CHECK_OK(publishMirrored(segment, std::as_bytes(std::span(values)), Times, Wait));
        Result<CreatedSegment> next = recreateSegment(*mirror->ownership, 6, {}, Wait);
        REQUIRE(CHECK_OK(next));
        readValues(*next->segment, &info);
        CHECK_EQUAL(info.number, 3u);
        CHECK(areOf(info, Times));
        // A writer of its own values leaves none, in each buffer and in each way.
        const Values more = ramp(1, 6);
        CHECK_OK(publishValues(*next->segment, more));
        CHECK_EQUAL(wordAt(*next->segment, 256 + 24), 0); // buffer 0
        WriteTransaction write;
        CHECK_OK(write.begin(*next->segment, Wait));
        CHECK_OK(write.publish());
        CHECK_EQUAL(wordAt(*next->segment, 256 + 32 + 24), 0);
        readValues(*next->segment, &info);
        CHECK_EQUAL(info.sourceTimestamp, 0);
    }
}

void timesOfStreams()
{
    Result<CreatedSegment> mirror = createValues("stream", Kind::Stream, 4);
    REQUIRE(CHECK_OK(mirror));
    Segment &segment = *mirror->segment;
    StreamReader reader(segment.shared_from_this());
    Values values = ramp(0, 2);
    const auto bytes = std::as_writable_bytes(std::span(values));
    CHECK_EQUAL(*appendMirrored(segment, bytes, Times, Wait), 2u);
    CHECK(areOf(reader.read(bytes), Times));
    RevisionInfo info;
    CHECK_OK(segment.read({}, 0, &info));
    CHECK(areOf(info, Times));
    const Result<CreatedSegment> next = recreateSegment(*mirror->ownership, 8, {}, Wait);
    REQUIRE(CHECK_OK(next));
    reader.follow(next->segment);
    CHECK_OK(next->segment->read({}, 0, &info));
    CHECK(areOf(info, Times));
    for (int i = 0; i < 2; ++i) { // in both entries
        const std::int64_t before = os::wallClock();
        CHECK_OK(append(*next->segment, bytes, Wait));
        info = reader.read(bytes);
        CHECK(info.timestamp >= before);
        CHECK_EQUAL(info.sourceTimestamp, 0);
    }
    CHECK_EQUAL(wordAt(*next->segment, 256 + 24), 0);
    CHECK_EQUAL(wordAt(*next->segment, 288 + 24), 0);
}

/// A mirror appears with its first value.
void timesFromTheBeginning()
{
    const Values values = ramp(7, 3);
    for (const Kind kind : {Kind::FixedArray, Kind::VariableArray, Kind::Stream}) {
        CreateOptions options;
        options.kind = kind;
        options.capacity = 3;
        options.content = {std::as_bytes(std::span(values))};
        options.revision = {41, Times.timestamp, 0, Times.sourceTimestamp};
        const Result<CreatedSegment> mirror = createSegment(registry(), "first", layout(), options);
        REQUIRE(CHECK_OK(mirror));
        RevisionInfo info;
        CHECK_OK(mirror->segment->read({}, 0, &info));
        CHECK_EQUAL(info.number, 41u);
        CHECK(areOf(info, Times));
    }
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"times of arrays", &timesOfArrays},
                          {"times of streams", &timesOfStreams},
                          {"times from the beginning", &timesFromTheBeginning},
                      });
}
