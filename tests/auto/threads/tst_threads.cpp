// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// One segment, used by many threads of its owner's process: threads that write, read, open, observe, fork and close.
// The thread sanitizer watches the same mapping here. It does not see fences, so such a build makes the copies atomic
// for it, and the sanitizer finds races on everything around them.

#include "threads.h"

#include "engine/buffers.h"
#include "engine/createsegment.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "engine/writetransaction.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace sharedsegment;
using namespace sharedsegment::engine;
using namespace threads;

namespace {

constexpr std::uint64_t Length = 64;
constexpr int Writers = 2;
constexpr int Readers = 3;
constexpr int Publications = 4000;
constexpr std::chrono::seconds Wait{30};

using Values = std::vector<std::uint64_t>;

bool isWhole(const Values &values)
{
    for (const std::uint64_t value : values) {
        if (value != values.front())
            return false;
    }
    return true;
}

void write(const std::shared_ptr<Segment> &segment, bool inPlace)
{
    for (int i = 0; i < Publications && failures == 0; ++i) {
        if (inPlace) {
            WriteTransaction transaction;
            const Status begun = transaction.begin(*segment, Wait);
            if (!expect(bool(begun), "a revision starts", begun ? "" : begun.error().text))
                return;
            const std::span<std::byte> bytes = transaction.bytes();
            std::uint64_t number = 0;
            std::memcpy(&number, bytes.data(), sizeof number);
            const Values values(Length, number + 1);
            std::memcpy(bytes.data(), values.data(), bytes.size());
            expect(bool(transaction.publish()), "a revision is published");
        } else {
            const Values values(Length, static_cast<std::uint64_t>(i) + 1);
            const Result<std::uint64_t> revision = publish(*segment, std::as_bytes(std::span(values)), Wait);
            expect(bool(revision), "a revision is published", revision ? "" : revision.error().text);
        }
    }
}

void read(const std::string &name, const std::atomic<bool> &isDone)
{
    const Result<std::shared_ptr<Segment>> opened = openSegment(Registry::ofEnvironment(), name, os::Access::ReadOnly);
    if (!expect(bool(opened), "the segment opens", opened ? "" : opened.error().text))
        return;
    const std::shared_ptr<Segment> &segment = *opened;
    std::uint64_t last = 0;
    Values values(Length);
    while (!isDone && failures == 0) {
        RevisionInfo info;
        if (!Buffers(segment->view().memory.data(), segment->geometry())
                 .read(std::as_writable_bytes(std::span(values)), 0, &info))
            continue;
        expect(isWhole(values), "a snapshot is of one revision");
        expect(info.number >= last, "revisions do not go back");
        last = info.number;
    }
}

void comeAndGo(const std::string &name, const std::atomic<bool> &isDone)
{
    std::atomic<std::uint64_t> updates = 0;
    int key = 0;
    while (!isDone && failures == 0) {
        const Result<std::shared_ptr<Segment>> opened =
            openSegment(Registry::ofEnvironment(), name, os::Access::ReadOnly);
        if (!expect(bool(opened), "the segment opens again", opened ? "" : opened.error().text))
            return;
        (*opened)->observers().add(&key, [&updates] { ++updates; });
        (*opened)->observers().arm(&key);
        (void)(*opened)->owner().isAlive();
        (void)(*opened)->timestamp();
        (*opened)->observers().remove(&key);
    }
}

void check(os::Backend backend, std::uint32_t buffers, bool multipleWriters, bool inPlace)
{
    const std::string name = "threads-" + std::to_string(::getpid());
    const Result<Layout> layout = Layout::parse("u64");
    Result<CreatedSegment> created = createSegment(
        Registry::ofEnvironment(), name, *layout,
        {.backend = backend, .capacity = Length, .bufferCount = buffers, .multipleWriters = multipleWriters});
    if (!expect(bool(created), "the segment is created", created ? "" : created.error().text))
        return;

    std::atomic<bool> isDone = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < Readers; ++i)
        readers.emplace_back([&] { read(name, isDone); });
    readers.emplace_back([&] { comeAndGo(name, isDone); });
    std::vector<std::thread> writers;
    for (int i = 0; i < Writers; ++i)
        writers.emplace_back([&] { write(created->segment, inPlace); });
    for (std::thread &writer : writers)
        writer.join();
    isDone = true;
    for (std::thread &reader : readers)
        reader.join();
    if (failures != 0)
        return;

    Values values(Length);
    RevisionInfo info;
    expect(Buffers(created->segment->view().memory.data(), created->segment->geometry())
               .read(std::as_writable_bytes(std::span(values)), 0, &info),
           "the last one reads");
    expect(info.number == Writers * Publications, "each publication counts", std::to_string(info.number));
    expect(isWhole(values), "the last one is whole");
    // Each transaction starts as the newest revision, so that none may be lost between two writers.
    if (inPlace)
        expect(values.front() == Writers * Publications, "no change is lost", std::to_string(values.front()));
}

#ifndef _WIN32

/// In a forked child: whether it has a descriptor of the library's. Calls only what a child of a process with threads may call.
bool hasDescriptor(const std::string &folder)
{
    constexpr int Most = 256;
    for (int descriptor = 3; descriptor < Most; ++descriptor) {
        char link[32];
        char target[512];
        std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        const ssize_t length = ::readlink(link, target, sizeof target);
        if (length <= 0)
            continue;
        const std::string_view text(target, static_cast<std::size_t>(length));
        if (text.starts_with(folder) || text.starts_with("/dev/shm/ss-") || text.starts_with("/memfd:sharedsegment"))
            return true;
    }
    return false;
}

/// Forks while another thread opens and closes all that a segment has: no child may keep any of it.
void forkInBetween(os::Backend backend, const std::string &folder)
{
#ifdef __SANITIZE_ADDRESS__
    constexpr int Forks = 200; // each copies what the sanitizer knows of all memory, some 20 ms
#else
    constexpr int Forks = 1000;
#endif
    const std::string name = "forks-" + std::to_string(::getpid());
    std::atomic<bool> isDone = false;
    std::thread other([&] {
        const Result<Layout> layout = Layout::parse("u64");
        while (!isDone && failures == 0) {
            const Result<CreatedSegment> created =
                createSegment(Registry::ofEnvironment(), name, *layout,
                              {.backend = backend, .capacity = Length, .multipleWriters = true});
            if (!expect(bool(created), "the segment is created", created ? "" : created.error().text))
                return;
            expect(bool(created->segment->listen()), "a listener is there");
        }
    });
    int unclean = 0;
    for (int i = 0; i < Forks; ++i) {
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(hasDescriptor(folder) ? 1 : 0);
        int status = 0;
        if (child == -1 || ::waitpid(child, &status, 0) != child || status != 0)
            ++unclean;
    }
    isDone = true;
    other.join();
    expect(unclean == 0, "no child has a descriptor of its parent's", std::to_string(unclean));
}

#endif

} // namespace

int main()
{
    const std::filesystem::path folder = makeRegistry();
    if (folder.empty())
        return 2;

    for (const os::Backend backend : os::Memory::backends()) {
        for (const std::uint32_t buffers : {1u, 2u, 4u}) {
            for (const bool multipleWriters : {false, true}) {
                for (const bool inPlace : {false, true}) {
                    // A transaction of two buffers or more is the buffer itself: plain writes. A late reader may meet
                    // them and then discards its copy. For the sanitizer that is a race.
                    if (IsSanitized && inPlace && buffers > 1)
                        continue;
                    check(backend, buffers, multipleWriters, inPlace);
                    if (failures != 0) {
                        std::fprintf(stderr, "backend %u, %u buffers, %s, %s\n", static_cast<unsigned>(backend),
                                     buffers, multipleWriters ? "multiple writers" : "one writer",
                                     inPlace ? "transactions" : "whole writes");
                    }
                }
            }
        }
    }

#ifndef _WIN32
    for (const os::Backend backend : os::Memory::backends())
        forkInBetween(backend, folder);
#endif

    return finish(folder);
}
