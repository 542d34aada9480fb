// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Arrays of a variable number of elements: each revision has its own.

#include "contents.h"

#include <limits>

using namespace contents;

namespace {

void startsEmpty()
{
    for (const std::uint32_t buffers : {1u, 2u, 3u}) {
        Result<CreatedSegment> made = createValues("empty", Kind::VariableArray, 10, buffers);
        REQUIRE(CHECK_OK(made));
        RevisionInfo info;
        CHECK_EQUAL(readValues(*made->segment, &info).size(), 0u);
        CHECK_EQUAL(info.number, 0u);
        CHECK(made->segment->live().empty());
    }
}

void eachRevisionHasItsCount()
{
    for (const std::uint32_t buffers : {1u, 2u, 4u}) {
        Result<CreatedSegment> made = createValues("counts", Kind::VariableArray, 10, buffers);
        REQUIRE(CHECK_OK(made));
        for (const std::size_t count : {3u, 10u, 0u, 1u, 10u, 9u}) {
            const Result<std::uint64_t> revision = publishValues(*made->segment, ramp(count, count));
            REQUIRE(CHECK_OK(revision));
            RevisionInfo info;
            CHECK(readValues(*made->segment, &info) == ramp(count, count));
            CHECK_EQUAL(info.number, *revision);
            CHECK_EQUAL(info.count, count);
        }
    }
}

void partOfARevision()
{
    Result<CreatedSegment> made = createValues("part", Kind::VariableArray, 8);
    REQUIRE(CHECK_OK(made));
    REQUIRE(CHECK_OK(publishValues(*made->segment, ramp(100, 5))));
    // Behind the last element, what the caller has stays.
    Values values(4, 7);
    RevisionInfo info;
    REQUIRE(CHECK_OK(made->segment->read(std::as_writable_bytes(std::span(values)), 3 * 8, &info)));
    CHECK(values == (Values{103, 104, 7, 7}));
    CHECK_EQUAL(info.count, 5u);
    REQUIRE(CHECK_OK(made->segment->read(std::as_writable_bytes(std::span(values).first(2)), 6 * 8, &info)));
    CHECK_EQUAL(values[0], 103u);
    CHECK_ERROR(made->segment->readWithin(std::as_writable_bytes(std::span(values)), 5 * 8, &info),
                ErrorCode::InvalidSize);
}

void impossibleCounts()
{
    Result<CreatedSegment> made = createValues("impossible", Kind::VariableArray, 4);
    REQUIRE(CHECK_OK(made));
    CHECK_ERROR(publishValues(*made->segment, ramp(0, 5)), ErrorCode::InvalidSize);
    const std::vector<std::byte> half(12);
    CHECK_ERROR(publish(*made->segment, half, Wait), ErrorCode::InvalidSize);
    CHECK_EQUAL(made->segment->revision(), 0u);
    CHECK_ERROR(createValues("none", Kind::VariableArray, 0), ErrorCode::InvalidSize);
    CHECK_ERROR(createValues("huge", Kind::VariableArray, std::numeric_limits<std::uint64_t>::max() / 8),
                ErrorCode::InvalidSize);
}

void transactions()
{
    for (const std::uint32_t buffers : {1u, 3u}) {
        Result<CreatedSegment> made = createValues("transaction", Kind::VariableArray, 6, buffers);
        REQUIRE(CHECK_OK(made));
        REQUIRE(CHECK_OK(publishValues(*made->segment, ramp(1, 4))));
        RevisionInfo info;
        {
            WriteTransaction write;
            REQUIRE(CHECK_OK(write.begin(*made->segment, Wait)));
            CHECK_EQUAL(write.bytes().size(), 4 * 8u);
            CHECK_OK(write.resize(2 * 8));
            CHECK_OK(write.resize(5 * 8)); // New elements are zero, also where there were others before.
            CHECK_ERROR(write.resize(7 * 8), ErrorCode::InvalidSize);
            CHECK_ERROR(write.resize(9), ErrorCode::InvalidSize);
            CHECK_EQUAL(write.bytes().size(), 5 * 8u);
        }
        CHECK(readValues(*made->segment, &info) == (Values{1, 2, 0, 0, 0}));
        {
            WriteTransaction write;
            REQUIRE(CHECK_OK(write.begin(*made->segment, Wait)));
            CHECK_OK(write.resize(0));
            write.discard();
        }
        CHECK_EQUAL(readValues(*made->segment, &info).size(), 5u);
        WriteTransaction write;
        REQUIRE(CHECK_OK(write.begin(*made->segment, Wait)));
        CHECK_OK(write.resize(0));
        CHECK_OK(write.publish());
        CHECK_EQUAL(readValues(*made->segment, &info).size(), 0u);
        CHECK_EQUAL(info.number, 3u);
    }
}

void fixedCountsStay()
{
    Result<CreatedSegment> made = createValues("fixed", Kind::FixedArray, 4);
    REQUIRE(CHECK_OK(made));
    CHECK_ERROR(publishValues(*made->segment, ramp(0, 3)), ErrorCode::InvalidSize);
    WriteTransaction write;
    REQUIRE(CHECK_OK(write.begin(*made->segment, Wait)));
    CHECK_ERROR(write.resize(3 * 8), ErrorCode::InvalidSize);
    write.discard();
    RevisionInfo info;
    CHECK_EQUAL(readValues(*made->segment, &info).size(), 4u);
    CHECK_EQUAL(info.count, 4u);
}

/// Another process reads while this one publishes revisions of all sizes: each has the elements of one revision.
void otherKindsAreRefused()
{
    for (const Kind kind : {Kind::External, static_cast<Kind>(3), static_cast<Kind>(0x80000000)}) {
        CHECK_ERROR(createValues("other", kind, 10), ErrorCode::Unsupported);
        CHECK_ERROR(openSegment(registry(), "other", os::Access::ReadOnly), ErrorCode::NotFound);
    }
}

void readByAnotherProcess()
{
    constexpr std::size_t Capacity = 500;
    Result<CreatedSegment> made = createValues("shared", Kind::VariableArray, Capacity);
    REQUIRE(CHECK_OK(made));
    support::ChildProcess reader;
    CHECK_EQUAL(reader.request("open shared"), "ok");
    reader.send("read 20000");
    std::optional<std::string> answer;
    for (std::uint64_t i = 0; i < 20000; ++i)
        REQUIRE(CHECK_OK(publishValues(*made->segment, ramp(i, static_cast<std::size_t>(i * 7919 % (Capacity + 1))))));
    answer = reader.line();
    REQUIRE(CHECK(answer.has_value()));
    CHECK_EQUAL(*answer, "whole");
}

std::shared_ptr<Segment> opened;

std::string answer(const support::Words &words)
{
    if (words.at(0) == "open") {
        Result<std::shared_ptr<Segment>> found = openSegment(registry(), words.at(1), os::Access::ReadOnly);
        if (!found)
            return found.error().text;
        opened = *std::move(found);
        return "ok";
    }
    for (int i = std::stoi(words.at(1)); i > 0; --i) {
        RevisionInfo info;
        const Values values = readValues(*opened, &info);
        if (!isRamp(values))
            return "torn revision " + std::to_string(info.number);
        // The pattern of the publisher: revision r has the elements from r - 1 on.
        if (info.number > 0 && !values.empty() && values.front() != info.number - 1)
            return "another's elements in revision " + std::to_string(info.number);
        if (info.number > 0 && values.size() != (info.number - 1) * 7919 % 501)
            return "another's count in revision " + std::to_string(info.number);
    }
    return "whole";
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"starts empty", &startsEmpty},
                          {"each revision has its count", &eachRevisionHasItsCount},
                          {"part of a revision", &partOfARevision},
                          {"impossible counts", &impossibleCounts},
                          {"transactions", &transactions},
                          {"fixed counts stay", &fixedCountsStay},
                          {"other kinds are refused", &otherKindsAreRefused},
                          {"read by another process", &readByAnotherProcess},
                      },
                      &answer);
}
