// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Streams between processes of random pace, which are killed and stopped at random points: what is read and what is lost
// is exactly what was appended. A trial is one stream with writers and readers of its own.
//
//   tst_streams [--trials N] [--seconds N]     ends after both; without --trials the variable STRESS_STREAMS may say how many

#include "harness.h"
#include "streamoracle.h"

#include "engine/append.h"
#include "engine/createsegment.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/updatewaiter.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <sys/wait.h>
#include <unistd.h>

using namespace sharedsegment;
using namespace harness;
using engine::Segment;
using oracle::NoNumber;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t MostWriters = 3;
constexpr std::size_t MostReaders = 2;
constexpr std::chrono::seconds StartWait{20};

struct Setting
{
    os::Backend backend = os::Backend::Automatic;
    bool multipleWriters = false;
    bool byEngine = false; ///< append() itself, which chooses the time and the place
    std::uint64_t capacity = 0;
    std::size_t words = 0;
    std::uint64_t mostAtOnce = 0;
    std::uint64_t mostPause = 0; ///< microseconds between two appends; 0: flat out

    std::size_t elementSize() const { return words * 8; }
    bool hasExactTimes() const { return !byEngine; }
    std::string text() const
    {
        return std::string(backend == os::Backend::Posix ? "posix" : "memfd")
             + (multipleWriters ? ", multiple writers" : ", one writer") + (byEngine ? ", append()" : "") + ", up to "
             + std::to_string(mostAtOnce) + " of " + std::to_string(capacity) + " at once";
    }
};

struct Life
{
    std::atomic<bool> isReady;
    std::atomic<bool> mustDie; ///< of a writer, in its next append
};

/// What the processes of one trial tell each other.
struct Shared
{
    Life lives[MostWriters + MostReaders];
    std::atomic<bool> mustEnd; ///< for writers
    std::atomic<bool> isOver;  ///< for readers: no writer is left
    std::atomic<std::uint64_t> batches;
    std::atomic<std::uint64_t> elements;
    std::atomic<std::uint64_t> lost;
    std::atomic<std::uint64_t> unfinished;
    std::atomic<std::uint64_t> times;
};

Shared *const shared = share<Shared>();
std::string name;

std::uint64_t newBatch()
{
    return ++shared->batches;
}

Status appendByEngine(Segment &segment, std::span<std::byte> bytes)
{
    const std::size_t elementSize = segment.layout()->elementSize();
    const bool isAlone = !segment.geometry().hasMultipleWriters();
    const auto count = static_cast<std::uint32_t>(bytes.size() / elementSize);
    oracle::fill(bytes, elementSize, {isAlone ? segment.revision() : NoNumber, os::wallClock(), newBatch(), 0, count});
    const Result<std::uint64_t> position = timed("append", [&] { return engine::append(segment, bytes, Wait); });
    return position ? Status() : position.error();
}

void appendUntilEnd(Segment &segment, const Setting &setting, const Life &life)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(setting.mostAtOnce) * setting.elementSize());
    while (!shared->mustEnd) {
        if (life.mustDie)
            oracle::dieInAppend(segment, setting.capacity, newBatch());
        const std::uint64_t most = randomUpTo(1) == 0 ? std::min<std::uint64_t>(setting.mostAtOnce, 4)
                                                      : setting.mostAtOnce;
        const std::span<std::byte> batch =
            std::span(bytes).first(static_cast<std::size_t>(1 + randomUpTo(most - 1)) * setting.elementSize());
        const Status appended = setting.byEngine ? appendByEngine(segment, batch)
                                                 : oracle::append(segment, batch, newBatch());
        if (appended)
            ++counts->publications;
        else if (appended.error().code == ErrorCode::Busy && setting.multipleWriters)
            count(appended.error());
        else
            return violation("a writer cannot append: " + describe(appended.error()));
        if (setting.mostPause != 0 && randomUpTo(3) == 0)
            pauseMicroseconds(randomUpTo(setting.mostPause));
    }
}

Result<engine::CreatedSegment> create(const Setting &setting)
{
    return oracle::create(
        name, setting.words,
        {.backend = setting.backend, .capacity = setting.capacity, .multipleWriters = setting.multipleWriters});
}

Result<std::shared_ptr<Segment>> open(os::Access access)
{
    Result<std::shared_ptr<Segment>> opened =
        timed("open", [&] { return engine::openSegment(engine::Registry::ofEnvironment(), name, access); });
    if (!opened)
        violation("open: " + describe(opened.error()));
    return opened;
}

/// The only writer, which is the owner.
void ownAndAppend(const Setting &setting, Life *life)
{
    const Result<engine::CreatedSegment> created = create(setting);
    if (!created)
        return;
    life->isReady = true;
    appendUntilEnd(*created->segment, setting, *life);
}

void openAndAppend(const Setting &setting, Life *life)
{
    const Result<std::shared_ptr<Segment>> opened = open(os::Access::ReadWrite);
    if (!opened)
        return;
    life->isReady = true;
    appendUntilEnd(**opened, setting, *life);
}

void add(const oracle::Counts &counts)
{
    shared->elements += counts.elements;
    shared->lost += counts.lost;
    shared->unfinished += counts.unfinished;
    shared->times += counts.times;
}

void readUntilOver(const Setting &setting, Life *life)
{
    const Result<std::shared_ptr<Segment>> opened = open(os::Access::ReadOnly);
    if (!opened)
        return;
    oracle::Reader reader(*opened, setting.hasExactTimes());
    engine::UpdateWaiter waiter(*opened);
    const bool isLazy = randomUpTo(1) == 0;
    const std::uint64_t mostPause = randomUpTo(1) * randomUpTo(300);
    if (randomUpTo(1) == 0)
        reader.seekToOldest();
    life->isReady = true;
    while (!shared->isOver) {
        reader.read(1 + randomUpTo(randomUpTo(1) == 0 ? 7 : 2 * setting.capacity));
        if (isLazy && randomUpTo(3) == 0)
            waiter.wait(reader.next(), Clock::now() + std::chrono::milliseconds(1));
        if (mostPause != 0 && randomUpTo(3) == 0)
            pauseMicroseconds(randomUpTo(mostPause));
        if (randomUpTo(255) == 0)
            reader.seekToOldest();
    }
    reader.drain();
    add(reader.counts());
}

void stopForAMoment(pid_t pid)
{
    ::kill(pid, SIGSTOP);
    pauseMicroseconds(randomUpTo(1500));
    ::kill(pid, SIGCONT);
}

/// The processes of one trial.
class Trial
{
public:
    explicit Trial(const Setting &setting)
        : m_setting(setting)
    {
        shared->mustEnd = false;
        shared->isOver = false;
    }
    void run();

private:
    using Body = void (*)(const Setting &, Life *);
    struct Process
    {
        pid_t pid;
        std::size_t place;
    };
    Process startAt(std::size_t place, Body body) const
    {
        Life *const life = &shared->lives[place];
        life->isReady = false;
        life->mustDie = false;
        return {start([this, body, life] { body(m_setting, life); }), place};
    }
    /// Until it has opened the stream, which it cannot after the owner's end.
    static void waitForStart(const Process &process)
    {
        const auto deadline = Clock::now() + StartWait;
        while (!shared->lives[process.place].isReady && counts->violations == 0) {
            if (Clock::now() > deadline)
                violation("a process does not start");
            pauseMicroseconds(20);
        }
    }
    /// At any point, or in the middle of an append.
    static void killWriter(const Process &writer)
    {
        if (randomUpTo(1) == 0) {
            waitForStart(writer);
            shared->lives[writer.place].mustDie = true;
            siginfo_t info;
            ::waitid(P_PID, static_cast<id_t>(writer.pid), &info, WEXITED | WNOWAIT);
        }
        kill(writer.pid);
    }
    void startAll();
    void disturb();

    Setting m_setting;
    std::optional<engine::CreatedSegment> m_owned;
    std::vector<Process> m_writers;
    std::vector<Process> m_readers;
};

void Trial::startAll()
{
    if (m_setting.multipleWriters) {
        Result<engine::CreatedSegment> created = create(m_setting);
        if (!created)
            return;
        m_owned = *std::move(created);
    }
    const std::size_t writers = m_owned ? 1 + static_cast<std::size_t>(randomUpTo(MostWriters - 1)) : 1;
    for (std::size_t i = 0; i < writers; ++i)
        m_writers.push_back(startAt(i, m_owned ? openAndAppend : ownAndAppend));
    for (const Process &writer : m_writers)
        waitForStart(writer);
    for (std::size_t i = 0, readers = 1 + static_cast<std::size_t>(randomUpTo(MostReaders - 1)); i < readers; ++i)
        m_readers.push_back(startAt(MostWriters + i, readUntilOver));
}

/// Stops or kills one of them.
void Trial::disturb()
{
    Process &writer = m_writers[static_cast<std::size_t>(randomUpTo(m_writers.size() - 1))];
    Process &reader = m_readers[static_cast<std::size_t>(randomUpTo(m_readers.size() - 1))];
    switch (randomUpTo(3)) {
    case 0:
        return stopForAMoment(writer.pid);
    case 1:
        return stopForAMoment(reader.pid);
    case 2:
        kill(reader.pid);
        reader = startAt(reader.place, readUntilOver);
        return;
    default:
        if (!m_owned)
            return;
        killWriter(writer);
        writer = startAt(writer.place, openAndAppend);
    }
}

/// At last all writers are killed, or end.
void Trial::run()
{
    startAll();
    if (m_readers.empty())
        return;
    for (const Process &reader : m_readers)
        waitForStart(reader);
    for (std::uint64_t i = 0, events = randomUpTo(3); i < events; ++i) {
        pauseMicroseconds(randomUpTo(700));
        disturb();
    }
    pauseMicroseconds(randomUpTo(1000));
    for (const Process &reader : m_readers)
        waitForStart(reader);
    shared->mustEnd = randomUpTo(7) == 0;
    for (const Process &writer : m_writers)
        shared->mustEnd ? wait(writer.pid) : killWriter(writer);
    shared->isOver = true;
    for (const Process &reader : m_readers)
        wait(reader.pid);
}

Setting randomSetting(std::uint64_t number)
{
    const std::vector<os::Backend> backends = os::Memory::backends();
    Setting setting;
    setting.backend = backends[static_cast<std::size_t>(number % backends.size())];
    setting.multipleWriters = number / backends.size() % 2 == 1;
    setting.byEngine = randomUpTo(1) == 0;
    setting.words = std::array<std::size_t, 3>{5, 8, 64}[static_cast<std::size_t>(randomUpTo(2))];
    setting.capacity =
        std::array<std::uint64_t, 8>{1, 2, 3, 8, 61, 64, 1000, 4096}[static_cast<std::size_t>(randomUpTo(7))];
    // Several capacities go in pieces, for a single writer; but the elements' exact times are of one append.
    const bool mayBeSeveral = setting.byEngine && !setting.multipleWriters;
    setting.mostAtOnce = 1 + randomUpTo((mayBeSeveral ? 3 : 1) * setting.capacity - 1);
    setting.mostPause = randomUpTo(1) * randomUpTo(200);
    return setting;
}

} // namespace

int main(int argc, char **argv)
{
    const char *const wanted = std::getenv("STRESS_STREAMS");
    const Options options(argc, argv, {{"trials", wanted ? std::strtoull(wanted, nullptr, 10) : 200}, {"seconds", 0}});
    const auto start = Clock::now();
    World world;
    std::uint64_t trials = 0;
    while (trials < options["trials"]
           || Clock::now() - start < std::chrono::seconds(static_cast<std::int64_t>(options["seconds"]))) {
        keepAlive();
        name = "stream-" + std::to_string(trials % 7);
        const Setting setting = randomSetting(trials++);
        const std::uint64_t before = counts->violations;
        Trial(setting).run();
        if (counts->violations != before)
            std::fprintf(stderr, "in trial %llu: %s\n", static_cast<unsigned long long>(trials),
                         setting.text().c_str());
        if (trials % 32 == 0)
            world.checkNothingLeft();
    }
    world.checkNothingLeft();
    std::printf("%llu trials, %llu elements read, %llu lost, %llu times compared, %llu ends in an append\n",
                static_cast<unsigned long long>(trials), static_cast<unsigned long long>(shared->elements),
                static_cast<unsigned long long>(shared->lost), static_cast<unsigned long long>(shared->times),
                static_cast<unsigned long long>(shared->unfinished));
    if (trials >= 100 && (shared->elements == 0 || shared->lost == 0 || shared->times == 0 || shared->unfinished == 0))
        violation("nothing was read, lost, compared or left in an append");
    return finish("tst_streams");
}
