// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Readers that come late and begin with the oldest element of a stream while another process appends to it: from the first
// element delivered on, each one arrives or is counted as lost, and none comes twice.
//
//   tst_streamhistory [--milliseconds N] [--rounds N]     for each memory and each kind of writers

#include "harness.h"
#include "streamoracle.h"

#include "engine/opensegment.h"
#include "engine/registry.h"

#include <cstdio>

using namespace sharedsegment;
using namespace harness;
using engine::Segment;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t Words = 8;
/// All elements are more than a reader copies at once.
constexpr std::uint64_t Capacity = 16384;
constexpr std::uint64_t MostAtOnce = 512;
constexpr std::uint64_t CopiesOfRound = 8;

struct Shared
{
    std::atomic<bool> isReady;
    std::atomic<bool> isOver;
    std::atomic<std::uint64_t> copies; ///< begun by the reader
    std::atomic<std::uint64_t> bursts; ///< the copy that the writer has answered with half a capacity
    std::atomic<std::uint64_t> elements;
};

Shared *const shared = share<Shared>();
const std::string name = "history";

std::shared_ptr<Segment> open(os::Access access)
{
    const Result<std::shared_ptr<Segment>> opened =
        engine::openSegment(engine::Registry::ofEnvironment(), name, access);
    if (!opened)
        violation("open: " + describe(opened.error()));
    return opened ? *opened : nullptr;
}

/// @returns whether it did.
bool append(Segment &segment, std::vector<std::byte> &bytes, std::uint64_t count)
{
    static std::uint64_t batch = 0;
    bytes.resize(static_cast<std::size_t>(count) * segment.layout()->elementSize());
    const Status appended = oracle::append(segment, bytes, ++batch);
    if (!appended)
        violation("append: " + describe(appended.error()));
    ++counts->publications;
    return bool(appended);
}

void appendFlatOut()
{
    const std::shared_ptr<Segment> segment = open(os::Access::ReadWrite);
    std::vector<std::byte> bytes;
    while (segment && append(*segment, bytes, 1 + randomUpTo(MostAtOnce - 1)))
        shared->isReady = true;
}

/// Many late readers, one after the other, each for a few reads.
void readFlatOut(const engine::CreateOptions &options, std::chrono::milliseconds time)
{
    const Result<engine::CreatedSegment> created = oracle::create(name, Words, options);
    if (!created)
        return;
    shared->isReady = false;
    const pid_t writer = start(appendFlatOut);
    while (!shared->isReady && counts->violations == 0)
        pauseMicroseconds(20);
    oracle::Reader reader(created->segment, true);
    std::uint64_t read = 0;
    const auto end = Clock::now() + time;
    // On a machine with too much to do, until it got something.
    while (Clock::now() < end || (read == 0 && Clock::now() < end + Bound)) {
        reader.seekToOldest();
        for (std::uint64_t i = 0, reads = 1 + randomUpTo(7); i < reads; ++i)
            read += reader.read(1 + randomUpTo(2 * Capacity));
    }
    kill(writer);
    reader.drain();
    shared->elements += read;
    if (read == 0)
        violation("a late reader gets nothing from a stream that is written flat out");
}

/// Begins with the oldest, several times. The writer answers each copy with half a capacity at most.
void readWhileHalfIsWritten(std::uint64_t rounds)
{
    const std::shared_ptr<Segment> segment = open(os::Access::ReadOnly);
    if (!segment)
        return;
    oracle::Reader reader(segment, true);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        for (std::uint64_t i = 0; i < CopiesOfRound; ++i) {
            // The burst for the copy before counts to that copy.
            while (shared->bursts != shared->copies)
                pauseMicroseconds(5);
            if (i == 0)
                reader.seekToOldest();
            ++shared->copies;
            shared->elements += reader.read(Capacity);
        }
        if (reader.lost() != 0)
            return violation(std::to_string(reader.lost())
                             + " lost to a writer that filled half the capacity during a copy");
    }
}

void writeHalf(const engine::CreateOptions &options, std::uint64_t rounds)
{
    const Result<engine::CreatedSegment> created = oracle::create(name, Words, options);
    if (!created)
        return;
    Segment &segment = *created->segment;
    std::vector<std::byte> bytes;
    append(segment, bytes, Capacity);
    append(segment, bytes, 1 + randomUpTo(Capacity - 1));
    shared->copies = 0;
    shared->bursts = 0;
    shared->isOver = false;
    const pid_t reader = start([rounds] {
        readWhileHalfIsWritten(rounds);
        shared->isOver = true;
    });
    const auto deadline = Clock::now() + 10 * Bound;
    while (!shared->isOver && Clock::now() < deadline) {
        const std::uint64_t copy = shared->copies;
        if (copy == shared->bursts)
            continue;
        const std::uint64_t pieces = 1 + randomUpTo(3);
        for (std::uint64_t i = 0; i < pieces; ++i)
            append(segment, bytes, Capacity / 2 / pieces);
        shared->bursts = copy;
    }
    wait(reader);
}

} // namespace

int main(int argc, char **argv)
{
    const Options options(argc, argv, {{"milliseconds", 300}, {"rounds", 40}});
    const std::chrono::milliseconds time(static_cast<std::int64_t>(options["milliseconds"]));
    World world;
    for (const os::Backend backend : os::Memory::backends()) {
        keepAlive();
        readFlatOut({.backend = backend, .capacity = Capacity, .multipleWriters = true}, time);
        keepAlive();
        writeHalf({.backend = backend, .capacity = Capacity}, options["rounds"]);
        writeHalf({.backend = backend, .capacity = Capacity, .multipleWriters = true}, options["rounds"]);
    }
    world.checkNothingLeft();
    std::printf("%llu elements read\n", static_cast<unsigned long long>(shared->elements));
    return finish("tst_streamhistory");
}
