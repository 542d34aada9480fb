// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Kills publishing processes with SIGKILL at random points, and checks what readers and other writers make of it.
//
//   tst_killwriter [--kills N] [--seconds N] [--many 0]     ends after both; 0: without segments of multiple writers

#include "harness.h"

#include "../../peer/pattern.h"
#include "engine/buffers.h"
#include "engine/createsegment.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/writetransaction.h"

#include <csignal>
#include <cstdio>
#include <unistd.h>

using namespace sharedsegment;
using namespace harness;
using engine::Segment;

namespace {

using Clock = std::chrono::steady_clock;

constexpr int KillsInARow = 52;
constexpr std::size_t WriterCount = 3;
constexpr std::chrono::seconds StartWait{20};

struct Setting
{
    std::uint32_t buffers;
    std::uint64_t size;
    os::Backend backend;
    bool multipleWriters;

    std::string text() const
    {
        return std::to_string(buffers) + " buffers, " + std::to_string(size) + " bytes, "
             + (backend == os::Backend::Posix ? "posix" : "memfd")
             + (multipleWriters ? ", multiple writers" : ", one writer");
    }
    engine::CreateOptions options() const
    {
        return {.backend = backend, .capacity = size / 8, .bufferCount = buffers, .multipleWriters = multipleWriters};
    }
};

/// What a writer tells the processes that outlive it.
struct Life
{
    std::atomic<bool> isReady;
    std::atomic<std::uint64_t> published;
};

struct Shared
{
    Life life[WriterCount];
    std::atomic<bool> isOver;
};

Shared *const shared = share<Shared>();
const engine::Layout layout = *engine::Layout::parse("u64");
std::string name;
std::uint64_t interrupted = 0;

void waitFor(const std::atomic<bool> &flag, const char *what)
{
    const auto deadline = Clock::now() + StartWait;
    while (!flag) {
        if (Clock::now() > deadline) {
            violation(std::string(what) + " does not come");
            return;
        }
        pauseMicroseconds(20);
    }
}

std::uint64_t firstKey()
{
    return static_cast<std::uint64_t>(::getpid()) << 32;
}

void ownAndPublish(const Setting &setting, Life *life)
{
    Result<engine::CreatedSegment> created = timed("create", [&] {
        return engine::createSegment(engine::Registry::ofEnvironment(), name, layout, setting.options());
    });
    if (!created) {
        violation("create after a kill: " + describe(created.error()));
        return;
    }
    life->isReady = true;
    std::vector<std::byte> bytes(std::size_t(setting.size));
    for (std::uint64_t key = firstKey() + 1;; ++key) {
        pattern::fill(bytes, key);
        const Result<std::uint64_t> revision =
            timed("publish", [&] { return engine::publish(*created->segment, bytes, Wait); });
        if (!revision) {
            violation("the owner cannot publish: " + describe(revision.error()));
            return;
        }
        ++counts->publications;
        life->published = *revision;
    }
}

/// One writer, which is the owner: each kill leaves an orphan, and the next owner takes the name at once.
void killOwners(const Setting &setting)
{
    Life &life = shared->life[0];
    bool isInterrupted = false;
    for (int i = 0; i < KillsInARow; ++i) {
        life.isReady = false;
        life.published = 0;
        const pid_t owner = start([&] { ownAndPublish(setting, &life); });
        if (randomUpTo(7) == 0) {
            // At some step of its creation.
            pauseMicroseconds(randomUpTo(1000));
            kill(owner);
            continue;
        }
        waitFor(life.isReady, "an owner");
        if (std::exchange(isInterrupted, false))
            ++counts->healed;
        Result<std::shared_ptr<Segment>> opened = timed("open", [] {
            return engine::openSegment(engine::Registry::ofEnvironment(), name, os::Access::ReadOnly);
        });
        if (!opened) {
            violation("open: " + describe(opened.error()));
            kill(owner);
            continue;
        }
        const Segment &segment = **opened;
        const auto until = Clock::now() + std::chrono::microseconds(randomUpTo(2500));
        do {
            readWhole(segment);
        } while (Clock::now() < until);
        kill(owner);

        const std::uint64_t published = life.published;
        RevisionInfo info;
        if (readWhole(segment, &info)) {
            // It may have been killed before it could say so.
            if (info.number != published && info.number != published + 1)
                violation(setting.text() + ": revision " + std::to_string(published) + " was published, "
                          + std::to_string(info.number) + " is there");
        } else if (setting.buffers == 1
                   && !engine::Buffers(segment.view().memory.data(), segment.geometry()).isWhole()) {
            isInterrupted = true;
            ++interrupted;
        } else {
            violation(setting.text() + ": the last revision is lost");
        }
        if (timed("isOwnerAlive", [&] { return segment.owner().isAlive(); }))
            violation(setting.text() + ": a killed owner passes for alive");
    }
}

void write(std::size_t index, std::uint64_t size)
{
    Result<std::shared_ptr<Segment>> opened = timed("open", [] {
        return engine::openSegment(engine::Registry::ofEnvironment(), name, os::Access::ReadWrite);
    });
    if (!opened) {
        violation("a writer cannot open: " + describe(opened.error()));
        return;
    }
    Segment &segment = **opened;
    Life &life = shared->life[index];
    life.isReady = true;
    std::vector<std::byte> bytes(static_cast<std::size_t>(size));
    for (std::uint64_t key = firstKey() + 1;; ++key) {
        const std::chrono::microseconds wait(randomUpTo(50000));
        bool inPart = randomUpTo(3) == 0;
        Result<std::uint64_t> revision = std::uint64_t(0);
        if (inPart) {
            engine::WriteTransaction transaction;
            const Status begun = timed("beginWrite", [&] { return transaction.begin(segment, wait); });
            if (begun) {
                if (!pattern::isWhole(transaction.bytes())) {
                    ++counts->torn;
                    violation("a revision starts as a torn one");
                }
                pattern::fill(transaction.bytes(), key);
                if (randomUpTo(7) == 0) {
                    transaction.discard();
                    continue;
                }
                revision = transaction.publish();
            } else {
                revision = begun.error();
            }
        } else {
            pattern::fill(bytes, key);
            revision = timed("publish", [&] { return engine::publish(segment, bytes, wait); });
        }
        if (revision) {
            ++counts->publications;
            life.published = *revision;
        } else if (revision.error().code == ErrorCode::Busy) {
            count(revision.error());
        } else {
            violation("a writer cannot publish: " + describe(revision.error()));
            return;
        }
    }
}

void readUntilOver()
{
    Result<std::shared_ptr<Segment>> opened = timed("open", [] {
        return engine::openSegment(engine::Registry::ofEnvironment(), name, os::Access::ReadOnly);
    });
    if (!opened) {
        violation("a reader cannot open: " + describe(opened.error()));
        return;
    }
    std::uint64_t last = 0;
    while (!shared->isOver) {
        RevisionInfo info;
        if (!readWhole(**opened, &info))
            continue;
        if (info.number < last)
            violation("revision " + std::to_string(info.number) + " after " + std::to_string(last));
        last = info.number;
    }
}

/// The parent owns; several write at once and are killed; the others must go on.
void killWriters(const Setting &setting)
{
    Result<engine::CreatedSegment> created = timed("create", [&] {
        return engine::createSegment(engine::Registry::ofEnvironment(), name, layout, setting.options());
    });
    if (!created) {
        violation("create: " + describe(created.error()));
        return;
    }
    Segment &segment = *created->segment;
    shared->isOver = false;
    const pid_t reader = start(readUntilOver);
    pid_t writers[WriterCount] = {};
    const auto startWriter = [&](std::size_t index) {
        shared->life[index].isReady = false;
        shared->life[index].published = 0;
        writers[index] = start([&, index] { write(index, setting.size); });
    };
    const auto newestPublished = [] {
        std::uint64_t newest = 0;
        for (const Life &life : shared->life)
            newest = std::max<std::uint64_t>(newest, life.published);
        return newest;
    };
    for (std::size_t i = 0; i < WriterCount; ++i)
        startWriter(i);

    std::vector<std::byte> bytes(std::size_t(setting.size));
    for (int i = 0; i < KillsInARow;) {
        pauseMicroseconds(randomUpTo(3000));
        readWhole(segment);
        if (randomUpTo(9) != 0) {
            const auto victim = std::size_t(randomUpTo(WriterCount - 1));
            if (randomUpTo(3) != 0)
                waitFor(shared->life[victim].isReady, "a writer");
            kill(writers[victim]);
            ++i;
            if (randomUpTo(7) == 0) {
                // The others go on.
                const std::uint64_t before =
                    engine::Buffers(segment.view().memory.data(), segment.geometry()).revision();
                const auto deadline = Clock::now() + StartWait;
                while (engine::Buffers(segment.view().memory.data(), segment.geometry()).revision() < before + 2
                       && Clock::now() < deadline)
                    pauseMicroseconds(100);
                if (engine::Buffers(segment.view().memory.data(), segment.geometry()).revision() < before + 2)
                    violation(setting.text() + ": the other writers do not go on");
            }
            startWriter(victim);
            continue;
        }
        for (const pid_t writer : writers)
            kill(writer);
        i += static_cast<int>(WriterCount);
        RevisionInfo info;
        const std::uint64_t published = newestPublished();
        const bool isRead = readWhole(segment, &info);
        if (isRead && info.number < published)
            violation(setting.text() + ": revision " + std::to_string(published) + " was published, "
                      + std::to_string(info.number) + " is there");
        if (!isRead && setting.buffers != 1)
            violation(setting.text() + ": the last revision is lost");
        if (!isRead) {
            ++interrupted;
            // Completed or interrupted: the first to take the lock finds out which.
            engine::WriteTransaction transaction;
            const Status begun = timed("beginWrite", [&] { return transaction.begin(segment, Wait); });
            transaction.discard();
            if (!begun && begun.error().code != ErrorCode::Busy)
                violation(setting.text() + ": after an interruption: " + describe(begun.error()));
        }
        pattern::fill(bytes, firstKey() + static_cast<std::uint64_t>(i));
        const Result<std::uint64_t> revision = timed("publish", [&] { return engine::publish(segment, bytes, Wait); });
        if (!revision)
            violation(setting.text() + ": a dead writer stops the others: " + describe(revision.error()));
        else if (!readWhole(segment, &info) || info.number != *revision)
            violation(setting.text() + ": a whole publication does not heal");
        else if (!isRead)
            ++counts->healed;
        for (std::size_t writer = 0; writer < WriterCount; ++writer)
            startWriter(writer);
    }
    for (const pid_t writer : writers)
        kill(writer);
    shared->isOver = true;
    wait(reader);
}

std::vector<Setting> settings(bool withMultipleWriters)
{
    std::vector<Setting> all;
    for (const std::uint32_t buffers : {1u, 2u, 4u}) {
        for (const std::uint64_t size : {64u, 4096u, 65536u, 1048576u}) {
            for (const os::Backend backend : os::Memory::backends()) {
                all.push_back({buffers, size, backend, false});
                if (withMultipleWriters)
                    all.push_back({buffers, size, backend, true});
            }
        }
    }
    return all;
}

} // namespace

int main(int argc, char **argv)
{
    const Options options(argc, argv, {{"kills", 10000}, {"seconds", 0}, {"many", 1}});
    const auto start = Clock::now();
    World world;
    const std::vector<Setting> all = settings(options["many"] != 0);
    for (std::size_t run = 0;
         counts->kills < options["kills"]
         || Clock::now() - start < std::chrono::seconds(static_cast<std::int64_t>(options["seconds"]));
         ++run) {
        keepAlive();
        const Setting &setting = all[run % all.size()];
        name = "killed-" + std::to_string(run % 7);
        setting.multipleWriters ? killWriters(setting) : killOwners(setting);
        world.checkNothingLeft();
    }
    std::printf("interrupted with one buffer: %llu\n", static_cast<unsigned long long>(interrupted));
    if (interrupted == 0 && options["kills"] >= 5000)
        violation("no kill hit a publication with one buffer");
    return finish("tst_killwriter");
}
