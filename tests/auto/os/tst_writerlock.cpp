// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/writerlock.h.

#include "suite.h"

#include "os/memory.h"
#include "os/system.h"
#include "os/writerlock.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#ifndef _WIN32
#include "../../support/posixchild.h"
#endif

using namespace sharedsegment;
using namespace sharedsegment::os;
using suite::ChildProcess;
using suite::Words;
using Outcome = WriterLock::Outcome;
using std::chrono::milliseconds;

namespace {

constexpr std::uint64_t MemorySize = 4096;
constexpr std::chrono::nanoseconds NoWait{0};

const char *nameOf(Outcome outcome)
{
    static constexpr const char *names[] = {"Locked", "OwnerDied", "TimedOut", "Failed"};
    return names[static_cast<std::size_t>(outcome)];
}

/// What the memory contains: the lock, and what it protects.
struct Shared
{
    std::byte lock[WriterLock::Size];
    std::uint64_t counter; ///< not atomic: the lock orders its changes
    std::uint64_t inside;  ///< 1 while a process holds the lock
    std::uint64_t overlaps;
};

/// A mapping of the memory and the lock in it, as each process has them.
struct Mapped
{
    Mapping mapping;

    static std::optional<Mapped> of(const Memory &memory)
    {
        Result<Mapping> mapped = memory.map(Access::ReadWrite);
        return CHECK_OK(mapped) ? std::optional(Mapped{*std::move(mapped)}) : std::nullopt;
    }
    Shared &shared() const { return *reinterpret_cast<Shared *>(mapping.data()); }

    /// Increments the counter under the lock. @returns how often the lock was not taken.
    int increment(WriterLock &lock, int times) const
    {
        int misses = 0;
        for (int i = 0; i < times; ++i) {
            if (lock.lock(suite::Deadline) != Outcome::Locked) {
                ++misses;
                continue;
            }
            Shared &content = shared();
            content.overlaps += std::exchange(content.inside, 1);
            const std::uint64_t before = content.counter;
            std::this_thread::yield(); // Without the lock, another process changes the counter here.
            content.counter = before + 1;
            content.inside = 0;
            lock.unlock();
        }
        return misses;
    }
};

/// A lock that this process has created, in memory that other processes can open.
struct Created
{
    std::string path = suite::folder().pathOf('.' + suite::freshInstance() + ".writer");
    MemoryLocation location;
    std::optional<Memory> memory;
    std::optional<Mapped> mapped;
    std::optional<WriterLock> lock;

    Created()
    {
        location.backend = Memory::backends().front();
        location.pid = processId();
        location.object = Memory::objectName(location.backend, suite::freshInstance());
        Result<Memory> made = Memory::create(location.backend, location.object, MemorySize);
        if (!CHECK_OK(made) || !CHECK_OK(made->seal(Sharing::MultipleWriters)))
            return;
        memory = *std::move(made);
        location.descriptor = memory->native();
        mapped = Mapped::of(*memory);
        if (!mapped)
            return;
        Result<WriterLock> created = WriterLock::create(mapped->shared().lock, path);
        if (CHECK_OK(created))
            lock = *std::move(created);
    }
    Created(const Created &) = delete;
    Created &operator=(const Created &) = delete;
    ~Created()
    {
        WriterLock::remove(path);
        Memory::remove(location);
    }

    std::string commandToOpen() const
    {
        return "open " + std::to_string(static_cast<int>(location.backend)) + ' ' + std::to_string(location.pid) + ' '
             + std::to_string(location.descriptor) + ' ' + (location.object.empty() ? "-" : location.object) + ' '
             + path.substr(path.rfind('/') + 1);
    }
    std::unique_ptr<ChildProcess> startWriter() const
    {
        auto child = std::make_unique<ChildProcess>();
        CHECK_EQUAL(child->request(commandToOpen()), "ok");
        return child;
    }
};

/// The child: another writer.
std::string answer(const Words &words)
{
    static std::optional<Mapped> mapped;
    static std::optional<WriterLock> lock;
    if (words[0] == "open" && words.size() == 6) {
        MemoryLocation location;
        location.backend = Backend(std::stoul(words[1]));
        location.pid = std::stoull(words[2]);
        location.descriptor = std::stoll(words[3]);
        location.object = words[4] == "-" ? "" : words[4];
        const Result<Memory> memory = Memory::open(location, Access::ReadWrite, Sharing::MultipleWriters, MemorySize);
        if (!memory)
            return suite::wordOf(memory);
        mapped = Mapped::of(*memory);
        if (!mapped)
            return "no mapping";
        Result<WriterLock> opened = WriterLock::open(mapped->shared().lock, suite::folder().pathOf(words[5]));
        const std::string word = suite::wordOf(opened);
        if (opened)
            lock = *std::move(opened);
        return word;
    }
    if (words[0] == "execute") {
        ChildProcess::execute();
        return "failed";
    }
    if (words[0] == "exit")
        std::_Exit(0); // The memory must be mapped as long as the lock is held.
    if (!lock)
        return "no lock";
    if (words[0] == "lock")
        return nameOf(lock->lock(milliseconds(std::stoi(words[1]))));
    if (words[0] == "unlock") {
        lock->unlock();
        return "ok";
    }
    if (words[0] == "increment")
        return std::to_string(mapped->increment(*lock, std::stoi(words[1])));
    return "unknown command";
}

void exclusion()
{
    constexpr int Processes = 2;
    constexpr int Times = suite::IsWindows ? 60 : 300; // A lock takes long in an emulation of Windows.
    Created created;
    REQUIRE(created.lock.has_value());
    std::vector<std::unique_ptr<ChildProcess>> writers;
    for (int i = 0; i < Processes; ++i)
        writers.push_back(created.startWriter());
    for (const auto &writer : writers)
        writer->send("increment " + std::to_string(Times));
    CHECK_EQUAL(created.mapped->increment(*created.lock, Times), 0);
    for (const auto &writer : writers)
        CHECK_EQUAL(writer->line(), std::optional<std::string>("0"));
    CHECK_EQUAL(created.mapped->shared().counter, (Processes + 1) * Times);
    CHECK_EQUAL(created.mapped->shared().overlaps, 0U);
}

void timeout()
{
    Created created;
    REQUIRE(created.lock.has_value());
    const std::unique_ptr<ChildProcess> writer = created.startWriter();
    CHECK_EQUAL(writer->request("lock 0"), "Locked");
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "TimedOut");
    const auto begin = std::chrono::steady_clock::now();
    CHECK_EQUAL(nameOf(created.lock->lock(suite::Moment)), "TimedOut");
    const auto waited = std::chrono::steady_clock::now() - begin;
    CHECK(waited >= suite::Moment);
    CHECK_LESS(waited, suite::Deadline);
    CHECK_EQUAL(nameOf(created.lock->lock(std::chrono::nanoseconds(-1))), "TimedOut");
    // A release in time ends the wait.
    writer->send("unlock");
    CHECK_EQUAL(nameOf(created.lock->lock(suite::Deadline)), "Locked");
    CHECK_EQUAL(writer->line(), std::optional<std::string>("ok"));
    CHECK_EQUAL(writer->request("lock 0"), "TimedOut");
    created.lock->unlock();
}

void withinOneProcess()
{
    Created created;
    REQUIRE(created.lock.has_value());
    const std::optional<Mapped> again = Mapped::of(*created.memory);
    REQUIRE(again.has_value());
    Result<WriterLock> second = WriterLock::open(again->shared().lock, created.path);
    REQUIRE(CHECK_OK(second));
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "Locked");
    CHECK_EQUAL(nameOf(second->lock(suite::Moment)), "TimedOut"); // In the same thread.
    Outcome inThread = Outcome::Failed;
    std::thread([&] { inThread = second->lock(NoWait); }).join();
    CHECK_EQUAL(nameOf(inThread), "TimedOut");
    created.lock->unlock();
    std::thread([&] {
        inThread = second->lock(NoWait);
        second->unlock();
    }).join();
    CHECK_EQUAL(nameOf(inThread), "Locked");
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "Locked");
    created.lock->unlock();
}

/// Has a writer end in the given way while it holds the lock, and another one wait for the lock.
template<typename End>
void ownerDies(End end)
{
    Created created;
    REQUIRE(created.lock.has_value());
    std::unique_ptr<ChildProcess> writer = created.startWriter();
    const std::unique_ptr<ChildProcess> waiting = created.startWriter();
    CHECK_EQUAL(writer->request("lock 0"), "Locked");
    CHECK_EQUAL(waiting->request("lock 0"), "TimedOut");
    waiting->send("lock 10000");
    end(*writer);
    CHECK_EQUAL(waiting->line(), std::optional<std::string>("OwnerDied"));
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "TimedOut"); // The lock is held.
    CHECK_EQUAL(waiting->request("unlock"), "ok");
    // The outcome comes once.
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "Locked");
    created.lock->unlock();
    CHECK_EQUAL(waiting->request("lock 0"), "Locked");
    waiting->kill();
    CHECK(waiting->wait().has_value());
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "OwnerDied");
    created.lock->unlock();
}

void killed()
{
    ownerDies([](ChildProcess &writer) {
        writer.kill();
        CHECK(writer.wait().has_value());
    });
}

void ended()
{
    ownerDies([](ChildProcess &writer) {
        writer.send("exit");
        CHECK_EQUAL(writer.wait(), std::optional(0));
    });
}

void execution()
{
    if (suite::IsWindows)
        check::skip("Windows has no execve");
    else
        ownerDies([](ChildProcess &writer) { CHECK_EQUAL(writer.request("execute"), "ready"); });
}

void deathOfOthers()
{
    Created created;
    REQUIRE(created.lock.has_value());
    // A process that waits for the lock, and one that has released it, die without effect.
    const std::unique_ptr<ChildProcess> waiting = created.startWriter();
    const std::unique_ptr<ChildProcess> past = created.startWriter();
    CHECK_EQUAL(past->request("lock 0"), "Locked");
    CHECK_EQUAL(past->request("unlock"), "ok");
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "Locked");
    waiting->send("lock 10000");
    waiting->kill();
    past->kill();
    CHECK(waiting->wait() && past->wait());
    const std::unique_ptr<ChildProcess> writer = created.startWriter();
    CHECK_EQUAL(writer->request("lock 0"), "TimedOut");
    created.lock->unlock();
    CHECK_EQUAL(writer->request("lock 0"), "Locked");
}

void opening()
{
    Created created;
    REQUIRE(created.lock.has_value());
    CHECK_OK(WriterLock::open(created.mapped->shared().lock, created.path));
    // Where the lock lies in the memory alone, its path means nothing.
    const bool hasPath = suite::IsWindows || suite::IsPortable || !suite::IsLinux;
    const std::string none = suite::folder().pathOf('.' + suite::freshInstance() + ".writer");
    void *const bytes = created.mapped->shared().lock;
    CHECK_EQUAL(suite::wordOf(WriterLock::open(bytes, none)), hasPath ? "NotFound" : "ok");
    WriterLock::remove(created.path);
    created.lock.reset(); // Windows: the last handle.
    CHECK_EQUAL(suite::wordOf(WriterLock::open(bytes, created.path)), hasPath ? "NotFound" : "ok");
}

void holders()
{
    Created created;
    REQUIRE(created.lock.has_value());
#if defined(__GLIBC__) || (defined(__linux__) && defined(SHAREDSEGMENT_PORTABLE))
    constexpr bool IsKnown = true;
#else
    constexpr bool IsKnown = false;
#endif
    CHECK_EQUAL(created.lock->holder(), 0U);
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "Locked");
    CHECK_EQUAL(created.lock->holder(), IsKnown ? processId() : 0);
    created.lock->unlock();
    std::uint64_t holder = 0; // Of a thread with an id of its own.
    std::thread([&] {
        static_cast<void>(created.lock->lock(NoWait));
        holder = created.lock->holder();
        created.lock->unlock();
    }).join();
    CHECK_EQUAL(holder, IsKnown ? processId() : 0);
    const std::unique_ptr<ChildProcess> writer = created.startWriter();
    CHECK_EQUAL(writer->request("lock 0"), "Locked");
    CHECK_EQUAL(created.lock->holder(), IsKnown ? writer->pid() : 0);
}

void damage()
{
#if defined(__GLIBC__) && !defined(SHAREDSEGMENT_PORTABLE)
    Created created;
    REQUIRE(created.lock.has_value());
    void *const bytes = created.mapped->shared().lock;
    std::array<std::byte, WriterLock::Size> sound;
    std::memcpy(sound.data(), bytes, sound.size());
    for (const int value : {0, 1, 255}) {
        std::memset(bytes, value, WriterLock::Size);
        CHECK_EQUAL(nameOf(created.lock->lock(suite::Moment)), "Failed");
    }
    // No damage of a single byte ends the process or makes a call last.
    for (std::size_t i = 0; i < sound.size(); ++i) {
        for (const int value : {1, 2, 64, 128, 255}) {
            const int code = childprocess::inChild([&] {
                std::memcpy(bytes, sound.data(), sound.size());
                created.mapped->shared().lock[i] ^= std::byte(value);
                const Outcome outcome = created.lock->lock(milliseconds(2));
                if (outcome == Outcome::Locked || outcome == Outcome::OwnerDied)
                    created.lock->unlock();
                return 0;
            });
            if (!CHECK_EQUAL(code, 0))
                std::fprintf(stderr, "... with byte %d changed by %d\n", static_cast<int>(i), value);
        }
    }
    std::memcpy(bytes, sound.data(), sound.size());
    CHECK_EQUAL(nameOf(created.lock->lock(NoWait)), "Locked");
    created.lock->unlock();
#else
    check::skip("the lock of this system has no bytes that can be invalid");
#endif
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"exclusion", &exclusion},
                          {"timeout", &timeout},
                          {"within one process", &withinOneProcess},
                          {"kill", &killed},
                          {"end", &ended},
                          {"execve", &execution},
                          {"death of others", &deathOfOthers},
                          {"opening", &opening},
                          {"holder", &holders},
                          {"damage", &damage},
                      },
                      &answer);
}
