// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The owner of a stream writes any position, reserved number and table of times into its memory while others read, wait and
// append: each call of theirs ends, and returns bytes of elements alone.
//
//   tst_hostilestreams [--milliseconds N]     for each memory and each kind of writers

#include "harness.h"

#include "engine/append.h"
#include "engine/createsegment.h"
#include "engine/format.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/streamreader.h"
#include "engine/updatewaiter.h"
#include "os/atomic.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

using namespace sharedsegment;
using namespace harness;
using engine::MemoryHeader;
using engine::Segment;

namespace {

using Clock = std::chrono::steady_clock;

/// Elements of 8 bytes up to the end of a page: what lies behind is no part of the memory.
constexpr std::uint64_t Capacity = 32768;
constexpr std::uint64_t Most = std::numeric_limits<std::uint64_t>::max();
/// Each element's bytes; no other word of the memory has this value.
constexpr std::uint64_t Element = 0x656c656d656e7421;
constexpr std::uint64_t Guard = 0x6775617264212121;

struct Shared
{
    std::atomic<bool> isReady;
    std::atomic<bool> isOver;
    std::atomic<bool> mustEnd; ///< for the owner, when all others have ended
    std::atomic<std::uint64_t> elements;
    std::atomic<std::uint64_t> reads;
};

Shared *const shared = share<Shared>();
const std::string name = "hostile";

/// A number at a boundary, or near the true position.
std::uint64_t anyNumber(std::uint64_t position)
{
    const std::array<std::uint64_t, 12> numbers = {0,
                                                   1,
                                                   Capacity - 1,
                                                   Capacity,
                                                   Capacity + 1,
                                                   Most / 8,
                                                   Most / 2,
                                                   Most - Capacity - 1,
                                                   Most - Capacity,
                                                   Most - 1,
                                                   Most,
                                                   harness::random()()};
    switch (randomUpTo(3)) {
    case 0:
        return numbers[static_cast<std::size_t>(randomUpTo(numbers.size() - 1))];
    case 1:
        return position - randomUpTo(2 * Capacity);
    default:
        return position + randomUpTo(2 * Capacity);
    }
}

void scribble(const engine::CreateOptions &options)
{
    const Result<engine::CreatedSegment> created =
        engine::createSegment(engine::Registry::ofEnvironment(), name, *engine::Layout::parse("u64"), options);
    if (!created)
        return violation("create: " + describe(created.error()));
    Segment &segment = *created->segment;
    const std::vector<std::uint64_t> elements(Capacity, Element);
    if (!engine::append(segment, std::as_bytes(std::span(elements)), Wait))
        violation("the owner cannot append");
    auto &header = *reinterpret_cast<MemoryHeader *>(segment.view().memory.data());
    shared->isReady = true;
    for (std::uint64_t position = Capacity; !shared->mustEnd; position += randomUpTo(Capacity)) {
        switch (randomUpTo(4)) {
        case 0:
            os::storeRelease(header.revision, anyNumber(position));
            break;
        case 1:
            os::storeRelaxed(header.reservedPosition, anyNumber(position));
            break;
        case 2:
            // As a writer that is always as fast as the reader.
            os::storeRelaxed(header.reservedPosition, position + Capacity - 1);
            os::storeRelease(header.revision, position);
            break;
        case 3: {
            engine::BufferEntry &entry = header.buffers[randomUpTo(1)];
            os::storeRelaxed(entry.sequence, anyNumber(position));
            os::storeRelaxed(entry.timestamp, static_cast<std::int64_t>(harness::random()()));
            break;
        }
        default:
            segment.publisher().announce();
        }
        if (randomUpTo(63) == 0)
            pauseMicroseconds(randomUpTo(100));
    }
}

void readOnce(engine::StreamReader &reader, std::vector<std::uint64_t> &values)
{
    const std::size_t most = 1 + static_cast<std::size_t>(randomUpTo(randomUpTo(1) == 0 ? 15 : 2 * Capacity - 1));
    values.assign(most + 2, Guard);
    const RevisionInfo info =
        timed("read", [&] { return reader.read(std::as_writable_bytes(std::span(values).subspan(1, most))); });
    ++shared->reads;
    shared->elements += info.count;
    if (info.count > most || values.front() != Guard || values.back() != Guard)
        return violation("bytes outside of the reader's memory were written");
    const auto end = values.begin() + 1 + static_cast<std::ptrdiff_t>(info.count);
    if (std::any_of(values.begin() + 1, end, [](std::uint64_t value) { return value != Element; }))
        violation("bytes that belong to no element");
}

void readUntilOver()
{
    const Result<std::shared_ptr<Segment>> opened =
        engine::openSegment(engine::Registry::ofEnvironment(), name, os::Access::ReadOnly);
    if (!opened)
        return violation("open: " + describe(opened.error()));
    engine::StreamReader reader(*opened);
    engine::UpdateWaiter waiter(*opened);
    std::vector<std::uint64_t> values;
    while (!shared->isOver) {
        readOnce(reader, values);
        switch (randomUpTo(7)) {
        case 0:
            reader.seekToOldest();
            break;
        case 1:
            reader.seekToNewest();
            break;
        case 2:
            reader.seek(anyNumber(reader.position()));
            break;
        case 3:
            if (reader.available() > Capacity)
                violation("more available than the capacity");
            static_cast<void>((*opened)->timestamp());
            break;
        case 4:
            timed("wait", [&] { return waiter.wait(reader.position(), Clock::now() + std::chrono::milliseconds(1)); });
            break;
        default:
            break;
        }
    }
}

void appendUntilOver()
{
    const Result<std::shared_ptr<Segment>> opened =
        engine::openSegment(engine::Registry::ofEnvironment(), name, os::Access::ReadWrite);
    if (!opened)
        return violation("open: " + describe(opened.error()));
    const std::vector<std::uint64_t> elements(Capacity, Element);
    while (!shared->isOver) {
        const auto count = static_cast<std::size_t>(1 + randomUpTo(Capacity - 1));
        const Result<std::uint64_t> appended = timed("append", [&] {
            return engine::append(**opened, std::as_bytes(std::span(elements).first(count)), Wait);
        });
        ++counts->publications;
        if (!appended)
            return violation("append: " + describe(appended.error()));
    }
}

void attack(const engine::CreateOptions &options, std::chrono::milliseconds time)
{
    shared->isReady = false;
    shared->isOver = false;
    shared->mustEnd = false;
    const pid_t owner = start([&] { scribble(options); });
    while (!shared->isReady && counts->violations == 0)
        pauseMicroseconds(20);
    std::vector<pid_t> others = {start(readUntilOver), start(readUntilOver)};
    if (options.multipleWriters)
        others.push_back(start(appendUntilOver));
    pauseMicroseconds(static_cast<std::uint64_t>(time.count()) * 1000);
    shared->isOver = true;
    for (const pid_t other : others)
        wait(other);
    shared->mustEnd = true;
    wait(owner);
}

} // namespace

int main(int argc, char **argv)
{
    const Options options(argc, argv, {{"milliseconds", 500}});
    World world;
    for (const os::Backend backend : os::Memory::backends()) {
        for (const bool multipleWriters : {false, true}) {
            keepAlive();
            attack({.backend = backend,
                    .kind = engine::Kind::Stream,
                    .capacity = Capacity,
                    .multipleWriters = multipleWriters},
                   std::chrono::milliseconds(static_cast<std::int64_t>(options["milliseconds"])));
        }
    }
    world.checkNothingLeft();
    std::printf("%llu reads, %llu elements\n", static_cast<unsigned long long>(shared->reads),
                static_cast<unsigned long long>(shared->elements));
    if (shared->elements == 0)
        violation("nothing was read");
    return finish("tst_hostilestreams");
}
