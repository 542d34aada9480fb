// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A stream whose writer appends and skips, and threads that read it: what they get and what they lose is exactly what there
// was, and none gets an element that never came.

#include "threads.h"

#include "engine/append.h"
#include "engine/createsegment.h"
#include "engine/registry.h"
#include "engine/ringbuffer.h"
#include "engine/streamreader.h"
#include "engine/updatewaiter.h"
#include "os/memory.h"
#include "os/system.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <span>
#include <thread>
#include <vector>

using namespace sharedsegment;
using namespace sharedsegment::engine;
using namespace threads;

namespace {

constexpr std::uint64_t Steps = IsSanitized ? 1'500 : 5'000;
constexpr std::chrono::seconds Wait{30};

std::uint64_t between(std::mt19937_64 &random, std::uint64_t least, std::uint64_t most)
{
    return std::uniform_int_distribution<std::uint64_t>(least, most)(random);
}

/// What the writer did, which it knows when it is done.
struct Written
{
    std::atomic<bool> isDone = false;
    std::uint64_t appended = 0;
    std::uint64_t skipped = 0;
};

/// Each element is its number, and the time of an append is the position after it.
void write(Segment &segment, Written &written)
{
    std::mt19937_64 random(segment.geometry().capacity);
    RingBuffer &elements = *segment.content().ringBuffer();
    std::vector<std::uint64_t> values;
    for (std::uint64_t step = 0; step < Steps && failures == 0; ++step) {
        const std::uint64_t position = elements.position();
        Result<std::uint64_t> after = Error{};
        if (between(random, 0, 3) == 0) {
            const std::uint64_t count = between(random, 1, 2 * elements.capacity());
            after = skip(segment, count, Wait);
            written.skipped += count;
        } else {
            values.resize(static_cast<std::size_t>(between(random, 1, elements.capacity())));
            for (std::size_t i = 0; i < values.size(); ++i)
                values[i] = position + i;
            const auto time = static_cast<std::int64_t>(position + values.size());
            after = appendMirrored(segment, std::as_bytes(std::span(values)), {time, -time}, Wait);
            written.appended += values.size();
        }
        expect(bool(after), "the writer writes", after ? "" : after.error().text);
        if (between(random, 0, 31) == 0)
            std::this_thread::sleep_for(std::chrono::microseconds(between(random, 0, 100)));
    }
    written.isDone = true;
    segment.publisher().announceAll();
}

/// What a reader saw.
struct Seen
{
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;
};

Seen readAll(const std::shared_ptr<Segment> &segment, const Written &written, unsigned seed)
{
    std::mt19937_64 random(seed);
    StreamReader reader(segment);
    UpdateWaiter waiter(segment);
    const std::uint64_t most = 2 * segment->geometry().capacity;
    std::vector<std::uint64_t> values;
    Seen seen;
    std::uint64_t position = 0;
    reader.seek(0);
    while (failures == 0) {
        values.resize(static_cast<std::size_t>(between(random, 0, most)));
        const bool wasDone = written.isDone;
        const RevisionInfo info = reader.read(std::as_writable_bytes(std::span(values)));
        const std::uint64_t lost = reader.lost() - seen.lost;
        expect(info.number - info.count == position + lost, "what is lost lies before the first element",
               std::to_string(position));
        for (std::size_t i = 0; i < info.count; ++i)
            expect(values[i] == info.number - info.count + i, "each element is the next one, and was appended",
                   std::to_string(values[i]));
        // Where a skip ended, the time of the last append is known.
        const bool isUnknown = info.timestamp == 0;
        const bool isKnown = info.count > 0 ? info.timestamp == static_cast<std::int64_t>(info.number)
                                            : info.timestamp <= static_cast<std::int64_t>(info.number);
        expect(isUnknown || isKnown, "the time is the one of the append", std::to_string(info.number));
        expect(info.sourceTimestamp == -info.timestamp, "both times are those of one append");
        position = info.number;
        seen.lost = reader.lost();
        seen.delivered += info.count;
        expect(seen.delivered + seen.lost == position, "delivered and lost are all that there was");
        if (info.count > 0 || lost > 0)
            continue;
        if (wasDone && position == segment->revision())
            break;
        if (!written.isDone)
            waiter.wait(position, std::chrono::steady_clock::now() + std::chrono::milliseconds(10));
    }
    return seen;
}

void check(os::Backend backend, std::uint64_t capacity)
{
    const std::string name = "streamskip-" + std::to_string(os::processId());
    const Result<CreatedSegment> created =
        createSegment(Registry::ofEnvironment(), name, *Layout::parse("u64"),
                      {.backend = backend, .kind = Kind::Stream, .capacity = capacity});
    if (!expect(bool(created), "the stream is created", created ? "" : created.error().text))
        return;
    const std::shared_ptr<Segment> segment = created->segment;
    Written written;
    std::vector<Seen> seen(3);
    std::vector<std::thread> readers;
    for (unsigned i = 0; i < seen.size(); ++i)
        readers.emplace_back([&, i] { seen[i] = readAll(segment, written, i); });
    write(*segment, written);
    for (std::thread &reader : readers)
        reader.join();
    const std::uint64_t total = written.appended + written.skipped;
    expect(segment->revision() == total, "each element counts", std::to_string(total));
    for (const Seen &reader : seen) {
        expect(reader.delivered + reader.lost == total, "in the end, too", std::to_string(reader.delivered));
        expect(reader.delivered <= written.appended && reader.lost >= written.skipped, "what was skipped is lost");
        expect(reader.delivered > 0, "a reader gets something");
    }
}

} // namespace

int main()
{
    const std::filesystem::path folder = makeRegistry();
    if (folder.empty())
        return 2;
    for (const os::Backend backend : os::Memory::backends()) {
        for (const std::uint64_t capacity : {1u, 3u, 64u})
            check(backend, capacity);
    }
    return finish(folder);
}
