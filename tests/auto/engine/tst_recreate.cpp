// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// An owner replaces its segment by one of another capacity: the name is never free, and nothing is lost.

#include "contents.h"

#include "engine/recreatesegment.h"

#include <future>
#include <string>
#include <thread>
#include <vector>

using namespace contents;

namespace {

void goesOn()
{
    for (const Kind kind : {Kind::FixedArray, Kind::VariableArray}) {
        Result<CreatedSegment> old = createValues("grows", kind, 4);
        REQUIRE(CHECK_OK(old));
        REQUIRE(CHECK_OK(publishValues(*old->segment, ramp(1, 4))));
        REQUIRE(CHECK_OK(publishValues(*old->segment, ramp(10, 4))));
        const std::int64_t timestamp = old->segment->timestamp();
        Result<std::shared_ptr<Segment>> reader = openSegment(registry(), "grows", os::Access::ReadOnly);
        REQUIRE(CHECK_OK(reader));
        Result<CreatedSegment> next = recreateSegment(*old->ownership, 6, "{\"description\":\"more\"}", Wait);
        REQUIRE(CHECK_OK(next));
        RevisionInfo info;
        Values expected = ramp(10, 4);
        if (kind == Kind::FixedArray)
            expected.resize(6);
        CHECK(readValues(*next->segment, &info) == expected);
        CHECK_EQUAL(info.number, 2u);
        CHECK_EQUAL(info.timestamp, timestamp);
        // What the format says of the table, although readers of a fixed count ignore it.
        const auto *header = reinterpret_cast<const MemoryHeader *>(next->segment->view().memory.data());
        CHECK_EQUAL(header->buffers[2 % header->bufferCount].count, expected.size());
        CHECK_EQUAL(next->segment->view().metadata, "{\"description\":\"more\"}");
        CHECK((*reader)->owner().isClosed());
        CHECK((*reader)->owner().isReplaced());
        // The old memory stays readable, and takes nothing any more.
        CHECK(readValues(**reader, &info) == ramp(10, 4));
        CHECK_ERROR(publishValues(*old->segment, ramp(0, 4)), ErrorCode::NotFound);
        Result<std::shared_ptr<Segment>> again = openSegment(registry(), "grows", os::Access::ReadOnly);
        REQUIRE(CHECK_OK(again));
        CHECK_EQUAL((*again)->geometry().capacity, 6u);
        old->ownership.reset(); // It has nothing left to remove.
        CHECK(*registry().exists("grows"));
        next->ownership.reset();
        CHECK(!*registry().exists("grows"));
    }
    // Where locks are locks of files, the file of the folder's lock stays.
    std::vector<std::string> files = *suite::folder().files();
    std::erase(files, ".lock");
    CHECK_EQUAL(files.size(), 2u); // "." and ".."
}

void beforeTheFirstRevision()
{
    Result<CreatedSegment> old = createValues("new", Kind::VariableArray, 4);
    REQUIRE(CHECK_OK(old));
    Result<CreatedSegment> next = recreateSegment(*old->ownership, 2, {}, Wait);
    REQUIRE(CHECK_OK(next));
    RevisionInfo info;
    CHECK_EQUAL(readValues(*next->segment, &info).size(), 0u);
    CHECK_EQUAL(info.number, 0u);
}

/// The number and the time of a revision without elements go on, too.
void withoutElements()
{
    Result<CreatedSegment> old = createValues("empty", Kind::VariableArray, 4);
    REQUIRE(CHECK_OK(old));
    REQUIRE(CHECK_OK(publishValues(*old->segment, ramp(1, 4))));
    REQUIRE(CHECK_OK(publishValues(*old->segment, {})));
    Result<CreatedSegment> next = recreateSegment(*old->ownership, 6, {}, Wait);
    REQUIRE(CHECK_OK(next));
    RevisionInfo info;
    CHECK_EQUAL(readValues(*next->segment, &info).size(), 0u);
    CHECK_EQUAL(info.number, 2u);
    CHECK_EQUAL(info.timestamp, old->segment->timestamp());
    CHECK_OK(publishValues(*next->segment, ramp(3, 6)));
    CHECK_EQUAL(next->segment->revision(), 3u);
}

void refusals()
{
    Result<CreatedSegment> old = createValues("refuses", Kind::VariableArray, 8);
    REQUIRE(CHECK_OK(old));
    REQUIRE(CHECK_OK(publishValues(*old->segment, ramp(1, 5))));
    CHECK_ERROR(recreateSegment(*old->ownership, 4, {}, Wait), ErrorCode::InvalidSize);
    CHECK_ERROR(recreateSegment(*old->ownership, 0, {}, Wait), ErrorCode::InvalidSize);
    {
        WriteTransaction write;
        REQUIRE(CHECK_OK(write.begin(*old->segment, Wait)));
        CHECK_ERROR(recreateSegment(*old->ownership, 9, {}, Wait), ErrorCode::InvalidState);
        write.discard();
    }
    std::promise<void> isHeld;
    std::promise<void> mayEnd;
    std::thread writer([&] {
        WriteTransaction write;
        CHECK_OK(write.begin(*old->segment, Wait));
        isHeld.set_value();
        mayEnd.get_future().wait();
    });
    isHeld.get_future().wait();
    CHECK_ERROR(recreateSegment(*old->ownership, 9, {}, std::chrono::milliseconds(20)), ErrorCode::Busy);
    mayEnd.set_value();
    writer.join();
    // After each refusal everything is as before.
    CHECK_EQUAL(old->segment->revision(), 2u);
    CHECK_OK(publishValues(*old->segment, ramp(3, 8)));
    CHECK_OK(recreateSegment(*old->ownership, 8, {}, Wait));
}

/// Others look up the name all the time: it always leads to a living segment that has at least the newest elements.
void neverFree()
{
    Result<CreatedSegment> current = createValues("always", Kind::VariableArray, 10);
    REQUIRE(CHECK_OK(current));
    REQUIRE(CHECK_OK(publishValues(*current->segment, ramp(0, 10))));
    support::ChildProcess readers[2];
    for (support::ChildProcess &reader : readers)
        reader.send("find 1500");
    for (std::uint64_t i = 1; i <= 300; ++i) {
        Result<CreatedSegment> next = recreateSegment(*current->ownership, 10 + i % 50, {}, Wait);
        REQUIRE(CHECK_OK(next));
        current = *std::move(next);
        REQUIRE(CHECK_OK(publishValues(*current->segment, ramp(i, 10))));
    }
    for (support::ChildProcess &reader : readers) {
        const std::optional<std::string> answer = reader.line();
        REQUIRE(CHECK(answer.has_value()));
        CHECK_EQUAL(*answer, "always there");
    }
}

/// Others list the names all the time, and sweep: a record that is not locked yet looks like a dead owner's to them.
void whileOthersList()
{
    Result<CreatedSegment> current = createValues("listed", Kind::VariableArray, 1);
    REQUIRE(CHECK_OK(current));
    support::ChildProcess listers[2];
    for (support::ChildProcess &lister : listers)
        lister.send("list 3000");
    int failures = 0;
    for (int i = 0; i < 1000; ++i) {
        Result<CreatedSegment> next =
            recreateSegment(*current->ownership, static_cast<std::uint64_t>(1 + i % 9), {}, Wait);
        if (next)
            current = *std::move(next);
        else
            ++failures;
    }
    CHECK_EQUAL(failures, 0);
    for (support::ChildProcess &lister : listers) {
        const std::optional<std::string> answer = lister.line();
        REQUIRE(CHECK(answer.has_value()));
        CHECK_EQUAL(*answer, "always listed");
    }
}

/// Writers of other processes go over, and no revision of theirs is lost: each counts up.
void multipleWriters()
{
    constexpr int Each = 300;
    Result<CreatedSegment> current = createValues("many", Kind::VariableArray, 1, 0, true);
    REQUIRE(CHECK_OK(current));
    REQUIRE(CHECK_OK(publishValues(*current->segment, Values{0})));
    support::ChildProcess writers[3];
    for (support::ChildProcess &writer : writers)
        writer.send("count " + std::to_string(Each));
    for (int i = 0; i < 100; ++i) {
        Result<CreatedSegment> next =
            recreateSegment(*current->ownership, 1 + static_cast<std::uint64_t>(i % 7), {}, Wait);
        REQUIRE(CHECK_OK(next));
        current = *std::move(next);
        std::this_thread::sleep_for(std::chrono::milliseconds(2)); // The writers' turn.
    }
    for (support::ChildProcess &writer : writers) {
        const std::optional<std::string> answer = writer.line();
        REQUIRE(CHECK(answer.has_value()));
        CHECK_EQUAL(*answer, "done");
    }
    RevisionInfo info;
    CHECK(readValues(*current->segment, &info) == Values{3 * Each});
    CHECK_EQUAL(info.number, 1u + 3 * Each);
}

/// Adds one to the value. @returns what went wrong, or nothing if the segment was replaced or its owner gone.
std::optional<std::string> addOne(Segment &segment, bool *isDone)
{
    WriteTransaction write;
    if (const Status begun = write.begin(segment, Wait); !begun)
        return begun.error().code == ErrorCode::NotFound ? std::nullopt : std::optional(begun.error().text);
    ++*reinterpret_cast<std::uint64_t *>(write.bytes().data());
    *isDone = bool(write.publish());
    return std::nullopt;
}

/// Wine has no POSIX rename: there the record is replaced in two steps, and the name is free in between.
bool isFreeForAMoment(const Error &error)
{
    return suite::IsWindows && error.code == ErrorCode::NotFound;
}

std::string answer(const support::Words &words)
{
    const int times = std::stoi(words.at(1));
    if (words.at(0) == "find") {
        for (int i = 0; i < times; ++i) {
            const Result<std::shared_ptr<Segment>> found = openSegment(registry(), "always", os::Access::ReadOnly);
            if (!found && isFreeForAMoment(found.error()))
                continue;
            if (!found)
                return found.error().text;
            RevisionInfo info;
            const Values values = readValues(**found, &info);
            if (values.size() != 10 || !isRamp(values))
                return "not whole";
        }
        return "always there";
    }
    if (words.at(0) == "list") {
        for (int i = 0; i < times; ++i) {
            const Result<std::vector<std::string>> names = registry().names();
            if (!names)
                return names.error().text;
            if (*names != std::vector<std::string>{"listed"} && !suite::IsWindows)
                return "not listed";
        }
        return "always listed";
    }
    std::shared_ptr<Segment> segment;
    auto lastFound = std::chrono::steady_clock::now();
    for (int i = 0; i < times;) {
        if (!segment || segment->owner().isClosed()) {
            Result<std::shared_ptr<Segment>> found = openSegment(registry(), "many", os::Access::ReadWrite);
            if (!found && isFreeForAMoment(found.error()) && std::chrono::steady_clock::now() < lastFound + Wait)
                continue;
            if (!found)
                return found.error().text;
            lastFound = std::chrono::steady_clock::now();
            segment = *std::move(found);
        }
        bool isDone = false;
        if (const std::optional<std::string> problem = addOne(*segment, &isDone))
            return *problem;
        i += isDone ? 1 : 0;
    }
    return "done";
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"goes on", &goesOn},
                          {"before the first revision", &beforeTheFirstRevision},
                          {"without elements", &withoutElements},
                          {"refusals", &refusals},
                          {"never free", &neverFree},
                          {"while others list", &whileOthersList},
                          {"multiple writers", &multipleWriters},
                      },
                      &answer);
}
