// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Updates for listeners: none lost, none twice, none invented; listeners that come, go and die leave their slots to others.
//
//   tst_notificationstress [--publications N] [--listeners N]

#include "harness.h"

#include "../../peer/pattern.h"
#include "engine/buffers.h"
#include "engine/createsegment.h"
#include "engine/listener.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/writetransaction.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

using namespace sharedsegment;
using namespace harness;
using engine::Segment;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t Elements = 8;
constexpr std::uint64_t LongestBurst = 4000;
constexpr std::uint64_t MicrosecondsOfPause = 300;
constexpr int IdleMilliseconds = 1000;
constexpr std::size_t AtOnce = 100;

struct Shared
{
    std::atomic<std::uint64_t> target; ///< the revision that the listener has to be notified of
    std::atomic<std::uint64_t> received;
    std::atomic<std::uint64_t> wakeUps;
    std::atomic<std::uint64_t> updates;
    std::atomic<bool> isReady;
    std::atomic<bool> isIdle;
    std::atomic<bool> isOver;
    std::atomic<std::uint64_t> claimed;
    std::atomic<std::uint64_t> full;
};

Shared *const shared = share<Shared>();
const engine::Layout layout = *engine::Layout::parse("u64");
const std::string name = "notifications";

bool waitUntil(const std::function<bool()> &condition, std::uint64_t step = 20)
{
    const auto deadline = Clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (Clock::now() > deadline)
            return false;
        if (step != 0)
            pauseMicroseconds(step);
    }
    return true;
}

bool wakes(const engine::Listener &listener, int milliseconds)
{
    pollfd doorbell = {static_cast<int>(listener.native()), POLLIN, 0};
    int count = ::poll(&doorbell, 1, milliseconds);
    while (count == -1 && errno == EINTR)
        count = ::poll(&doorbell, 1, milliseconds);
    return count == 1;
}

/// A listener as the library's event loop is one: drains, arms, checks, sleeps.
void listen(std::uint64_t publications)
{
    Result<std::shared_ptr<Segment>> opened =
        engine::openSegment(engine::Registry::ofEnvironment(), name, os::Access::ReadOnly);
    if (!opened)
        return violation("open: " + describe(opened.error()));
    Segment &segment = **opened;
    Result<engine::Listener> listener = segment.listen();
    if (!listener)
        return violation("listen: " + describe(listener.error()));
    if (!listener->arm())
        return violation("arm: the place was lost");
    std::uint64_t last = engine::Buffers(segment.view().memory.data(), segment.geometry()).revision();
    shared->isReady = true;
    while (last < publications) {
        if (!wakes(*listener, 20000))
            return violation("an update was lost: revision " + std::to_string(shared->target)
                             + " was not notified, only " + std::to_string(last));
        ++shared->wakeUps;
        listener->drain();
        if (!listener->arm())
            return violation("arm: the place was lost");
        const std::uint64_t revision = engine::Buffers(segment.view().memory.data(), segment.geometry()).revision();
        if (revision < last)
            return violation("a revision went backwards");
        if (revision > last) {
            ++shared->updates;
            // A listener that is notified of a revision can read it, or a later one.
            RevisionInfo info;
            if (readWhole(segment, &info) && info.number < revision)
                return violation("notification of a revision that is not there");
        }
        last = revision;
        shared->received = revision;
        if (randomUpTo(3) == 0)
            pauseMicroseconds(randomUpTo(MicrosecondsOfPause));
    }
    // The notification of the last one may come after it was seen.
    pauseMicroseconds(10000);
    listener->drain();
    listener->arm();
    if (wakes(*listener, IdleMilliseconds))
        violation("a wake-up without an update");
    shared->isIdle = true;
}

void publishAll(Segment &segment, std::uint64_t publications)
{
    std::vector<std::byte> bytes(std::size_t(segment.geometry().payloadSize));
    std::uint64_t bursts = 0;
    for (std::uint64_t revision = 0; revision < publications; ++bursts) {
        // Many short ones, for the moments between waking and sleeping; the long ones make the number.
        const std::uint64_t burst = randomUpTo(1) == 0 ? 1 + randomUpTo(3) : 1 + randomUpTo(LongestBurst);
        const std::uint64_t target = std::min(publications, revision + burst);
        shared->target = target;
        while (revision < target) {
            pattern::fill(bytes, revision + 1);
            const Result<std::uint64_t> published = engine::publish(segment, bytes, Wait);
            if (!published)
                return violation("publish: " + describe(published.error()));
            revision = *published;
            ++counts->publications;
        }
        if (randomUpTo(1) == 0 && !waitUntil([&] { return shared->received >= target; }, randomUpTo(1) * 20))
            return violation("revision " + std::to_string(target) + " was not notified");
        if (bursts % 1000 == 0)
            keepAlive();
    }
    if (!waitUntil([&] { return shared->received == publications; }))
        violation("the last revision was not notified");
    if (!waitUntil([] { return shared->isIdle.load(); }))
        violation("the listener does not become idle");
}

void lostUpdate(std::uint64_t publications, bool multipleWriters)
{
    shared->received = 0;
    shared->isReady = false;
    shared->isIdle = false;
    engine::CreateOptions options;
    options.capacity = Elements;
    options.multipleWriters = multipleWriters;
    Result<engine::CreatedSegment> created =
        engine::createSegment(engine::Registry::ofEnvironment(), name, layout, options);
    if (!created)
        return violation("create: " + describe(created.error()));
    const pid_t listener = start([&] { listen(publications); });
    if (!waitUntil([] { return shared->isReady.load(); }))
        return violation("the listener does not come");
    publishAll(*created->segment, publications);
    wait(listener);
}

/// One listener's life, ended in all possible ways.
void comeAndGo()
{
    Result<std::shared_ptr<Segment>> opened =
        engine::openSegment(engine::Registry::ofEnvironment(), name, os::Access::ReadOnly);
    if (!opened)
        return violation("open: " + describe(opened.error()));
    Result<engine::Listener> listener = timed("listen", [&] { return (*opened)->listen(); });
    if (!listener) {
        if (listener.error().code != ErrorCode::Busy)
            violation("listen: " + describe(listener.error()));
        ++shared->full;
        return;
    }
    ++shared->claimed;
    for (std::uint64_t i = randomUpTo(20); i > 0; --i) {
        if (!listener->arm())
            return violation("a living listener's place was lost");
        wakes(*listener, 1);
        listener->drain();
    }
    if (randomUpTo(1) == 0)
        std::_Exit(0); // leaves its slot and its doorbell
}

/// `ownFiles`: the files of the segment without listeners.
void checkPlacesAreFree(const World &world, Segment &segment, std::size_t ownFiles)
{
    // Slots of dead listeners are free again at the latest when another listener searches for a slot.
    std::vector<engine::Listener> listeners;
    for (std::size_t i = 0; i < engine::ListenerCount; ++i) {
        Result<engine::Listener> listener = timed("listen", [&] { return segment.listen(); });
        if (!listener)
            return violation("place " + std::to_string(i) + " is not free again: " + describe(listener.error()));
        listeners.push_back(std::move(*listener));
    }
    const Result<engine::Listener> tooMany = segment.listen();
    if (tooMany || tooMany.error().code != ErrorCode::Busy)
        violation("listener 113 is not told Busy");
    const std::size_t doorbells = world.files().size() - ownFiles;
    if (doorbells != engine::ListenerCount)
        violation(std::to_string(doorbells) + " doorbells for 112 listeners");
    for (engine::Listener &listener : listeners) {
        if (!listener.arm())
            violation("a place was lost");
    }
    std::vector<std::byte> bytes(std::size_t(segment.geometry().payloadSize));
    if (!engine::publish(segment, bytes, Wait))
        violation("cannot publish");
    for (const engine::Listener &listener : listeners) {
        if (!wakes(listener, 5000))
            violation("a listener was not woken");
    }
    listeners.pop_back();
    if (Result<engine::Listener> next = segment.listen(); !next)
        violation("a place given up is not free: " + describe(next.error()));
    listeners.clear();
    if (world.files().size() != ownFiles)
        violation(std::to_string(world.files().size() - ownFiles) + " doorbells are left");
}

void manyListeners(const World &world, std::uint64_t total)
{
    engine::CreateOptions options;
    options.capacity = Elements;
    Result<engine::CreatedSegment> created =
        engine::createSegment(engine::Registry::ofEnvironment(), name, layout, options);
    if (!created)
        return violation("create: " + describe(created.error()));
    Segment &segment = *created->segment;
    const std::size_t ownFiles = world.files().size();
    std::vector<std::byte> bytes(std::size_t(segment.geometry().payloadSize));
    std::vector<pid_t> living;
    for (std::uint64_t i = 0; i < total; ++i) {
        if (i % 100 == 0)
            keepAlive();
        living.push_back(start(comeAndGo));
        if (randomUpTo(3) == 0 || living.size() >= AtOnce) {
            pauseMicroseconds(randomUpTo(1500));
            // Often the newest, which is just about to take its slot.
            const std::size_t index = randomUpTo(3) != 0 ? living.size() - 1
                                                         : std::size_t(randomUpTo(living.size() - 1));
            const auto victim = living.begin() + static_cast<std::ptrdiff_t>(index);
            kill(*victim);
            living.erase(victim);
        }
        pattern::fill(bytes, i + 1);
        if (!timed("publish", [&] { return engine::publish(segment, bytes, Wait); }))
            violation("cannot publish");
        ++counts->publications;
    }
    for (const pid_t pid : living)
        wait(pid);
    checkPlacesAreFree(world, segment, ownFiles);
}

} // namespace

int main(int argc, char **argv)
{
    const Options options(argc, argv, {{"publications", 10000000}, {"listeners", 2000}});
    World world;
    lostUpdate(options["publications"], false);
    world.checkNothingLeft();
    lostUpdate(options["publications"] / 20, true);
    world.checkNothingLeft();
    std::printf("wake-ups %llu, updates %llu\n", static_cast<unsigned long long>(shared->wakeUps),
                static_cast<unsigned long long>(shared->updates));
    manyListeners(world, options["listeners"]);
    world.checkNothingLeft();
    std::printf("listeners %llu, places taken %llu, told Busy %llu\n",
                static_cast<unsigned long long>(options["listeners"]), static_cast<unsigned long long>(shared->claimed),
                static_cast<unsigned long long>(shared->full));
    return finish("tst_notificationstress");
}
