// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// One stream, used by many threads of its owner's process: threads that append, read, wait for elements and come late.
// The thread sanitizer watches the same mapping here. It does not see fences, so such a build makes the copies atomic
// for it, and the sanitizer finds races on everything around them.

#include "threads.h"

#include "engine/append.h"
#include "engine/createsegment.h"
#include "engine/opensegment.h"
#include "engine/publisher.h"
#include "engine/registry.h"
#include "engine/ringbuffer.h"
#include "engine/streamreader.h"
#include "engine/updatewaiter.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <span>
#include <thread>
#include <vector>

using namespace sharedsegment;
using namespace sharedsegment::engine;
using namespace threads;

namespace {

constexpr int Writers = 3;
constexpr std::uint64_t Total = IsSanitized ? 10'000 : 40'000;
constexpr std::uint64_t Appends = IsSanitized ? 30'000 : 1'000'000;
constexpr std::chrono::seconds Wait{30};

/// Where its writer knows it, the number and the time of its append.
struct Element
{
    std::uint64_t number;
    std::int64_t time;
};
constexpr std::uint64_t NoNumber = ~std::uint64_t(0);
using Elements = std::vector<Element>;

struct Stream
{
    std::string name;
    std::shared_ptr<Segment> segment;
    std::atomic<std::uint64_t> left = Total; ///< elements that no writer has taken yet
};

std::size_t randomUpTo(std::mt19937 &random, std::size_t most)
{
    return std::uniform_int_distribution<std::size_t>(0, most)(random);
}

/// Takes up to this many of the elements that are left to append.
std::size_t take(Stream &stream, std::size_t wanted)
{
    std::uint64_t left = stream.left;
    std::uint64_t taken = 0;
    do
        taken = std::min<std::uint64_t>(left, wanted);
    while (!stream.left.compare_exchange_weak(left, left - taken));
    return static_cast<std::size_t>(taken);
}

void appendWithNumbers(Segment &segment, Elements elements)
{
    PublishLock lock;
    const Status locked = lock.acquire(segment.publisher(), Wait);
    if (!expect(bool(locked), "a writer gets the lock", locked ? "" : locked.error().text))
        return;
    RingBuffer &target = *segment.content().ringBuffer();
    const std::int64_t time = os::wallClock();
    for (std::size_t i = 0; i < elements.size(); ++i)
        elements[i] = {target.position() + i, time};
    target.append(std::as_bytes(std::span(elements)), {time});
    segment.publisher().announce();
}

void write(Stream &stream, unsigned seed)
{
    std::mt19937 random(seed);
    const auto capacity = static_cast<std::size_t>(stream.segment->geometry().capacity);
    const bool isAlone = !stream.segment->geometry().hasMultipleWriters();
    while (failures == 0) {
        const bool byEngine = randomUpTo(random, 3) == 0;
        const std::size_t most = byEngine && isAlone ? 3 * capacity : capacity;
        const std::size_t count = take(stream, 1 + randomUpTo(random, most - 1));
        if (count == 0)
            return;
        if (byEngine) {
            const Elements elements(count, {NoNumber, os::wallClock()});
            const Result<std::uint64_t> position = append(*stream.segment, std::as_bytes(std::span(elements)), Wait);
            expect(bool(position), "elements are appended", position ? "" : position.error().text);
        } else {
            appendWithNumbers(*stream.segment, Elements(count));
        }
        if (randomUpTo(random, 15) == 0)
            std::this_thread::sleep_for(std::chrono::microseconds(randomUpTo(random, 100)));
    }
}

/// Checks each element that it reads.
class Checker
{
public:
    explicit Checker(const std::shared_ptr<Segment> &segment)
        : m_reader(segment)
        , m_start(m_reader.position())
        , m_next(m_start)
    {
    }
    StreamReader &reader() { return m_reader; }
    std::uint64_t next() const { return m_next; }
    /// Whether all from the start to next() was read or lost.
    bool isComplete() const { return m_read + m_reader.lost() == m_next - m_start; }

    void seekToOldest()
    {
        m_reader.seekToOldest();
        m_isAtOldest = true;
    }

    std::uint64_t read(std::size_t most)
    {
        m_elements.resize(most);
        const std::uint64_t lostBefore = m_reader.lost();
        const RevisionInfo info = m_reader.read(std::as_writable_bytes(std::span(m_elements)));
        const std::uint64_t lost = m_reader.lost() - lostBefore;
        const std::uint64_t first = info.number - info.count;
        if (m_isAtOldest)
            expect(lost == 0, "nothing is lost before the first element of all");
        else
            expect(first == m_next + lost, "what is lost lies before the first element", std::to_string(m_next));
        m_isAtOldest = m_isAtOldest && info.count == 0;
        for (std::size_t i = 0; i < info.count; ++i) {
            const std::uint64_t number = m_elements[i].number;
            expect(number == first + i || number == NoNumber, "each element is the next one", std::to_string(number));
        }
        m_next = info.number;
        m_read += info.count;
        if (info.count == 0 || info.timestamp == 0)
            return info.count;
        const Element &last = m_elements[static_cast<std::size_t>(info.count - 1)];
        expect(last.number == NoNumber ? info.timestamp >= last.time : info.timestamp == last.time,
               "the time is that of the append");
        return info.count;
    }

private:
    StreamReader m_reader;
    std::uint64_t m_start;
    std::uint64_t m_next;
    std::uint64_t m_read = 0;
    bool m_isAtOldest = false;
    Elements m_elements;
};

/// Reads until all elements came, each time as many as fit, and sleeps until it is notified.
/// @param sleep returns when the position differs from its argument, or after the time of a test
template<typename Sleep>
void readAll(const Stream &stream, unsigned seed, const Sleep &sleep)
{
    std::mt19937 random(seed);
    Checker checker(stream.segment);
    while (checker.next() < Total && failures == 0) {
        if (checker.read(1 + randomUpTo(random, static_cast<std::size_t>(2 * stream.segment->geometry().capacity)))
            == 0)
            sleep(checker.next());
        expect(checker.isComplete(), "read and lost are all that was appended", std::to_string(checker.next()));
    }
}

/// Notified within the process.
void observe(const Stream &stream)
{
    std::mutex mutex;
    std::condition_variable changed;
    bool isNotified = false;
    const int key = 0;
    UpdateObservers &observers = stream.segment->observers();
    observers.add(&key, [&] {
        const std::lock_guard lock(mutex);
        isNotified = true;
        changed.notify_one();
    });
    readAll(stream, 1, [&](std::uint64_t position) {
        observers.arm(&key);
        if (stream.segment->revision() != position)
            return;
        std::unique_lock lock(mutex);
        expect(changed.wait_for(lock, Wait, [&] { return isNotified; }), "an observer is notified",
               std::to_string(position));
        isNotified = false;
    });
    observers.remove(&key);
}

/// Notified like a reader in another process.
void waitByDoorbell(const Stream &stream)
{
    UpdateWaiter waiter(stream.segment);
    readAll(stream, 2, [&](std::uint64_t position) {
        expect(waiter.wait(position, std::chrono::steady_clock::now() + Wait) == UpdateWaiter::Outcome::Updated,
               "a waiter is notified", std::to_string(position));
    });
}

void comeLate(const Stream &stream, const std::atomic<bool> &isDone)
{
    std::mt19937 random(3);
    while (!isDone && failures == 0) {
        const Result<std::shared_ptr<Segment>> opened =
            openSegment(Registry::ofEnvironment(), stream.name, os::Access::ReadOnly);
        if (!expect(bool(opened), "the stream opens", opened ? "" : opened.error().text))
            return;
        Checker checker(*opened);
        checker.seekToOldest();
        for (std::size_t i = 0, reads = 1 + randomUpTo(random, 7); i < reads; ++i)
            checker.read(1 + randomUpTo(random, static_cast<std::size_t>((*opened)->geometry().capacity)));
        expect(checker.reader().available() <= (*opened)->geometry().capacity, "no more is there than fits");
        (void)(*opened)->timestamp();
    }
}

void check(os::Backend backend, std::uint64_t capacity, bool multipleWriters)
{
    Stream stream;
    stream.name = "streamthreads-" + std::to_string(os::processId());
    const Result<CreatedSegment> created = createSegment(
        Registry::ofEnvironment(), stream.name, *Layout::parse("Element{number:u64;time:i64}"),
        {.backend = backend, .kind = Kind::Stream, .capacity = capacity, .multipleWriters = multipleWriters});
    if (!expect(bool(created), "the stream is created", created ? "" : created.error().text))
        return;
    stream.segment = created->segment;

    std::atomic<bool> isDone = false;
    std::vector<std::thread> readers;
    readers.emplace_back([&] { observe(stream); });
    readers.emplace_back([&] { waitByDoorbell(stream); });
    std::thread late([&] { comeLate(stream, isDone); });
    std::vector<std::thread> writers;
    for (unsigned i = 0; i < Writers; ++i)
        writers.emplace_back([&stream, i] { write(stream, i); });
    for (std::thread &writer : writers)
        writer.join();
    expect(stream.segment->revision() == Total, "each element counts", std::to_string(stream.segment->revision()));
    // They end by the notification of the last append.
    for (std::thread &reader : readers)
        reader.join();
    isDone = true;
    late.join();
}

/// Each append has the time that is its position. A reader may get none, never another one's.
void checkTimes()
{
    const Result<CreatedSegment> created = createSegment(Registry::ofEnvironment(),
                                                         "streamtimes-" + std::to_string(os::processId()),
                                                         *Layout::parse("u64"), {.kind = Kind::Stream, .capacity = 2});
    if (!expect(bool(created), "the stream is created", created ? "" : created.error().text))
        return;
    RingBuffer &elements = *created->segment->content().ringBuffer();
    std::thread writer([&] {
        const std::uint64_t element = 0;
        for (std::uint64_t i = 1; i <= Appends; ++i)
            elements.append(std::as_bytes(std::span(&element, 1)), {static_cast<std::int64_t>(i)});
    });
    std::uint64_t position = 0;
    while (position < Appends && failures == 0) {
        position = elements.position();
        for (const std::uint64_t wanted : {position, position - std::min<std::uint64_t>(position, 1)}) {
            const std::int64_t time = elements.timesAt(wanted).timestamp;
            expect(time == 0 || time == static_cast<std::int64_t>(wanted), "a time is that append's",
                   std::to_string(time));
        }
    }
    writer.join();
    expect(elements.timestamp() == static_cast<std::int64_t>(Appends), "the newest has its time");
    expect(elements.timesAt(Appends - 1).timestamp == static_cast<std::int64_t>(Appends) - 1, "and the one before it");
}

} // namespace

int main()
{
    const std::filesystem::path folder = makeRegistry();
    if (folder.empty())
        return 2;
    checkTimes();
    for (const os::Backend backend : os::Memory::backends()) {
        for (const std::uint64_t capacity : {1u, 7u, 256u}) {
            for (const bool multipleWriters : {false, true}) {
                check(backend, capacity, multipleWriters);
                if (failures != 0) {
                    std::fprintf(stderr, "backend %u, capacity %u, %s\n", static_cast<unsigned>(backend),
                                 static_cast<unsigned>(capacity), multipleWriters ? "multiple writers" : "one writer");
                }
            }
        }
    }
    return finish(folder);
}
