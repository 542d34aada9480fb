// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a mirror of another host's segment has besides an ordinary segment: the times of the source, elements that never came,
// and whether the source is reachable.

#include "contents.h"

#include "engine/append.h"
#include "engine/listener.h"
#include "engine/name.h"
#include "engine/notfound.h"
#include "engine/recreatesegment.h"
#include "engine/streamreader.h"
#include "os/atomic.h"

#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

using namespace contents;

namespace {

using suite::ChildProcess;
using suite::Words;

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

void skippedElements()
{
    Result<CreatedSegment> mirror = createValues("skips", Kind::Stream, 5);
    REQUIRE(CHECK_OK(mirror));
    Segment &segment = *mirror->segment;
    StreamReader all(segment.shared_from_this());
    StreamReader upToDate(segment.shared_from_this());
    StreamReader oldest(segment.shared_from_this());
    oldest.seekToOldest();
    Values values = ramp(0, 3);
    const auto bytes = std::as_writable_bytes(std::span(values));
    CHECK_EQUAL(*appendMirrored(segment, bytes, Times, Wait), 3u);
    CHECK_EQUAL(upToDate.read(bytes).count, 3u);
    CHECK_EQUAL(*skip(segment, 0, Wait), 3u);
    CHECK_EQUAL(wordAt(segment, 136), 3); // reserved
    CHECK_EQUAL(*skip(segment, 4, Wait), 7u);
    CHECK_EQUAL(wordAt(segment, 128), 7);
    CHECK_EQUAL(wordAt(segment, 136), 7 + 5);
    CHECK_EQUAL(wordAt(segment, 256), 7); // the other entry, with the times of the append
    CHECK_EQUAL(wordAt(segment, 264), Times.timestamp);
    CHECK_EQUAL(wordAt(segment, 280), Times.sourceTimestamp);
    CHECK_EQUAL(wordAt(segment, 288), 3);
    CHECK_EQUAL(upToDate.available(), 0u);
    RevisionInfo info = upToDate.read(bytes);
    CHECK_EQUAL(info.number, 7u);
    CHECK_EQUAL(info.count, 0u);
    CHECK(areOf(info, Times));
    CHECK_EQUAL(upToDate.lost(), 4u);
    const Values after = ramp(7, 2);
    CHECK_EQUAL(*append(segment, std::as_bytes(std::span(after)), Wait), 9u);
    CHECK_EQUAL(wordAt(segment, 136), 12);
    for (StreamReader *const reader : {&all, &upToDate, &oldest}) {
        info = reader->read(bytes);
        CHECK_EQUAL(info.number, 9u);
        CHECK_EQUAL(info.count, 2u);
        CHECK_EQUAL(values.at(0), 7u);
        CHECK_EQUAL(values.at(1), 8u);
    }
    CHECK_EQUAL(all.lost(), 7u);
    CHECK_EQUAL(upToDate.lost(), 4u);
    CHECK_EQUAL(oldest.lost(), 0u);
    // A replacement has only what came after it.
    const Result<CreatedSegment> next = recreateSegment(*mirror->ownership, 8, {}, Wait);
    REQUIRE(CHECK_OK(next));
    CHECK_EQUAL(wordAt(*next->segment, 128), 9);
    CHECK_EQUAL(wordAt(*next->segment, 136), 9 + 8 - 2);
    CHECK_EQUAL(*skip(*next->segment, 100, Wait), 109u);
}

void refusedSkips()
{
    Result<CreatedSegment> mirror = createValues("refuses", Kind::Stream, 4);
    REQUIRE(CHECK_OK(mirror));
    constexpr std::uint64_t Most = std::uint64_t(1) << 63;
    CHECK_ERROR(skip(*mirror->segment, ~std::uint64_t(0), Wait), ErrorCode::InvalidSize);
    CHECK_ERROR(skip(*mirror->segment, Most - 4, Wait), ErrorCode::InvalidSize);
    CHECK_EQUAL(*skip(*mirror->segment, Most - 5, Wait), Most - 5);
    CHECK_ERROR(skip(*mirror->segment, 1, Wait), ErrorCode::InvalidSize);
    const Values values = ramp(0, 2);
    CHECK_EQUAL(*append(*mirror->segment, std::as_bytes(std::span(values)), Wait), Most - 3);
    const Result<CreatedSegment> array = createValues("array", Kind::VariableArray, 4);
    REQUIRE(CHECK_OK(array));
    CHECK_ERROR(skip(*array->segment, 1, Wait), ErrorCode::InvalidState);
    const Result<CreatedSegment> many = createValues("many", Kind::Stream, 4, 0, true);
    REQUIRE(CHECK_OK(many));
    CHECK_ERROR(skip(*many->segment, 1, Wait), ErrorCode::InvalidState);
    CHECK_EQUAL(many->segment->revision(), 0u);
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

Result<CreatedSegment> createMirror(const std::string &name, Source source = Source::Reachable)
{
    CreateOptions options;
    options.capacity = 1;
    options.source = source;
    return createSegment(registry(), name, layout(), options);
}

/// The source in the list of the registry, which has this name alone.
Source listedSource()
{
    const Result<std::vector<ListedRecord>> records = registry().records(nullptr);
    return CHECK_OK(records) && CHECK_EQUAL(records->size(), 1u) ? records->front().source : Source::Here;
}

void namesOfMirrors()
{
    CHECK_ERROR(createMirror("plain"), ErrorCode::InvalidName);
    CHECK_ERROR(createMirror("@host/name", Source::Here), ErrorCode::InvalidName);
    CHECK_ERROR(createMirror("@", Source::Here), ErrorCode::InvalidName);
    CHECK_OK(createMirror("@host/name"));
    CHECK_OK(createMirror("name@host", Source::Here));
    CHECK_EQUAL(hostOf("@host/name/part"), "host");
    CHECK_EQUAL(hostOf("@host"), "host");
    // What helps depends on whether a bridge runs.
    const auto text = [] { return notFound(registry(), "@boiler/pressure").text; };
    CHECK(text().find("start a bridge") != std::string::npos);
    const Result<CreatedSegment> bridge = createValues("sharedsegment.bridge.0", Kind::FixedArray, 1);
    REQUIRE(CHECK_OK(bridge));
    CHECK(text().find("does not reach the host \"boiler\"") != std::string::npos);
}

void sources()
{
    Result<CreatedSegment> mirror = createMirror("@host/name");
    REQUIRE(CHECK_OK(mirror));
    Result<std::shared_ptr<Segment>> reader = openSegment(registry(), "@host/name", os::Access::ReadOnly);
    REQUIRE(CHECK_OK(reader));
    ChildProcess other;
    CHECK_EQUAL(other.request("open @host/name"), "1");
    CHECK(listedSource() == Source::Reachable);
    for (const Source source : {Source::NotReachable, Source::Reachable, Source::NotReachable}) {
        CHECK_OK(mirror->segment->setSource(source));
        CHECK_EQUAL(other.request("await " + std::to_string(static_cast<int>(source))), "yes");
        CHECK((*reader)->owner().source() == source);
        CHECK(listedSource() == source);
    }
    // It wakes a process that sleeps.
    other.send("await 1");
    CHECK_OK(mirror->segment->setSource(Source::Reachable));
    CHECK_EQUAL(*other.line(), "yes");
    CHECK_ERROR(mirror->segment->setSource(Source::Here), ErrorCode::InvalidState);
    CHECK_EQUAL(other.request("set"), "PermissionDenied");
    // A value of a later version, or of a damaged record.
    for (const std::uint32_t unknown : {0u, 3u, ~0u}) {
        os::storeRelease(mirror->segment->owner().record()->source, unknown);
        CHECK_EQUAL(other.request("source"), "2");
        CHECK(listedSource() == Source::NotReachable);
    }
    // A replacement goes on with what the owner said, and what was so at the end stays.
    Result<CreatedSegment> next = recreateSegment(*mirror->ownership, 2, {}, Wait);
    REQUIRE(CHECK_OK(next));
    CHECK(next->segment->owner().source() == Source::Reachable);
    CHECK_EQUAL(other.request("open @host/name"), "1");
    CHECK_OK(next->segment->setSource(Source::NotReachable));
    next->ownership.reset();
    CHECK_EQUAL(other.request("source"), "2");

    const Result<CreatedSegment> plain = createMirror("plain", Source::Here);
    REQUIRE(CHECK_OK(plain));
    CHECK_ERROR(plain->segment->setSource(Source::NotReachable), ErrorCode::InvalidState);
    os::storeRelease(plain->segment->owner().record()->source, 2u);
    CHECK(plain->segment->owner().source() == Source::Here);
    CHECK(listedSource() == Source::Here);
}

#ifndef _WIN32 // There, no process can cut a file short that another has mapped.
/// A record that was cut short has its source again once its owner publishes, says it or replaces the segment.
void cutRecords()
{
    const std::string name = "@host/cut";
    const std::filesystem::path record = std::filesystem::path(suite::folder().path()) / recordFileName(name);
    const Values values = ramp(1, 1);
    for (const std::uintmax_t size : {0, 100, 512, 524, 526, 528, 4096}) {
        for (const bool isRegrown : {false, true}) {
            Result<CreatedSegment> mirror = createMirror(name);
            REQUIRE(CHECK_OK(mirror));
            Segment &segment = *mirror->segment;
            ChildProcess other;
            CHECK_EQUAL(other.request("open " + name), "1");
            const auto cut = [&] {
                std::filesystem::resize_file(record, size);
                if (isRegrown)
                    std::filesystem::resize_file(record, RecordSize);
            };
            cut();
            CHECK_OK(publishValues(segment, values));
            CHECK_EQUAL(other.request("source"), "1");
            CHECK(listedSource() == Source::Reachable);
            cut();
            CHECK(segment.owner().source() == Source::Reachable);
            CHECK_OK(segment.setSource(Source::NotReachable));
            cut();
            CHECK_OK(publishValues(segment, values));
            CHECK_EQUAL(other.request("await 2"), "yes");
            CHECK_OK(segment.setSource(Source::Reachable));
            cut();
            const Result<CreatedSegment> next = recreateSegment(*mirror->ownership, 2, {}, Wait);
            REQUIRE(CHECK_OK(next));
            CHECK_EQUAL(other.request("open " + name), "1");
            CHECK(listedSource() == Source::Reachable);
        }
    }
}
#endif

/// As another process with a mirror open.
std::string answer(const Words &words)
{
    static std::shared_ptr<Segment> segment;
    if (words[0] == "open") {
        Result<std::shared_ptr<Segment>> opened = openSegment(registry(), words[1], os::Access::ReadOnly);
        if (!opened)
            return opened.error().text;
        segment = *std::move(opened);
    }
    if (words[0] == "set")
        return suite::wordOf(segment->setSource(Source::Reachable));
    if (words[0] == "await") {
        Result<Listener> listener = segment->listen();
        if (!listener)
            return listener.error().text;
        const auto wanted = static_cast<Source>(std::stoul(words[1]));
        while (listener->arm() && segment->owner().source() != wanted) {
            if (!suite::becomesReadable(listener->native()))
                return "not notified";
            listener->drain();
        }
        return "yes";
    }
    return std::to_string(static_cast<int>(segment->owner().source()));
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"times of arrays", &timesOfArrays},
                          {"times of streams", &timesOfStreams},
                          {"times from the beginning", &timesFromTheBeginning},
                          {"skipped elements", &skippedElements},
                          {"refused skips", &refusedSkips},
                          {"names of mirrors", &namesOfMirrors},
                          {"sources", &sources},
#ifndef _WIN32
                          {"cut records", &cutRecords},
#endif
                      },
                      &answer);
}
