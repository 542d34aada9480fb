// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Many processes create, open, write, read and close the same few names at once, and are killed at random.
//
//   tst_storm [--processes N] [--rounds N] [--names N] [--seconds N]     rounds of each process; ends after both

#include "harness.h"

#include "../../peer/pattern.h"
#include "engine/createsegment.h"
#include "engine/listener.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/registryfolder.h"
#include "engine/writetransaction.h"

#include <algorithm>
#include <cstdio>

using namespace sharedsegment;
using namespace harness;
using engine::Segment;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t MostProcesses = 256;
constexpr std::uint64_t MeanMicrosecondsBetweenKills = 1000;
constexpr std::uint64_t Elements = 64;

struct Shared
{
    std::atomic<std::uint64_t> rounds[MostProcesses];
    std::atomic<std::uint64_t> created;
    std::atomic<std::uint64_t> opened;
};

Shared *const shared = share<Shared>();
const engine::Layout layout = *engine::Layout::parse("u64");
std::uint64_t nameCount = 0;

std::string anyName()
{
    return "storm-" + std::to_string(randomUpTo(nameCount - 1));
}

void expect(const char *what, const Error &error, std::initializer_list<ErrorCode> expected)
{
    count(error);
    if (std::find(expected.begin(), expected.end(), error.code) == expected.end())
        violation(std::string(what) + ": " + describe(error));
}

/// A living owner holds its name, whichever process sweeps meanwhile.
void checkStillOwner(const Segment &segment)
{
    const Result<bool> exists =
        timed("exists", [&] { return engine::Registry::ofEnvironment().exists(segment.name()); });
    if (!exists)
        expect("exists", exists.error(), {ErrorCode::Busy});
    else if (!*exists)
        violation("a living owner's name \"" + segment.name() + "\" does not exist");
    if (!segment.owner().isAlive())
        violation("a living owner passes for dead");
    const Result<engine::FoundRecord> found = engine::Registry::ofEnvironment().open()->find(segment.name());
    if (!found)
        violation("a living owner's record: " + describe(found.error()));
    else if (engine::InstanceId id = found->header.instance; id != segment.geometry().instance)
        violation("a living owner's record is another's");
    Result<std::shared_ptr<Segment>> own = timed("open", [&] {
        return engine::openSegment(engine::Registry::ofEnvironment(), segment.name(), os::Access::ReadWrite);
    });
    if (!own)
        violation("an owner cannot open its own: " + describe(own.error()));
    else if (own->get() != &segment)
        violation("an owner's second opening is another segment");
}

void publish(Segment &segment)
{
    std::vector<std::byte> bytes(std::size_t(segment.geometry().payloadSize));
    pattern::fill(bytes, randomUpTo(~std::uint64_t(1)) + 1);
    const std::chrono::milliseconds wait(randomUpTo(20));
    const Result<std::uint64_t> revision = timed("publish", [&] { return engine::publish(segment, bytes, wait); });
    if (revision)
        ++counts->publications;
    else
        expect("publish", revision.error(), {ErrorCode::Busy, ErrorCode::NotFound});
}

void own()
{
    engine::CreateOptions options;
    options.capacity = Elements;
    options.backend = os::Memory::backends()[std::size_t(randomUpTo(os::Memory::backends().size() - 1))];
    options.bufferCount = static_cast<std::uint32_t>(randomUpTo(4));
    options.multipleWriters = randomUpTo(1) == 0;
    const std::string name = anyName();
    Result<engine::CreatedSegment> created = timed("create", [&] {
        return engine::createSegment(engine::Registry::ofEnvironment(), name, layout, options);
    });
    if (!created) {
        expect("create", created.error(), {ErrorCode::AlreadyExists, ErrorCode::Busy});
        return;
    }
    ++shared->created;
    checkStillOwner(*created->segment);
    for (std::uint64_t i = randomUpTo(5); i > 0; --i) {
        publish(*created->segment);
        readWhole(*created->segment);
    }
    if (randomUpTo(1) == 0)
        pauseMicroseconds(randomUpTo(2000));
    checkStillOwner(*created->segment);
}

void attach()
{
    const os::Access access = randomUpTo(1) == 0 ? os::Access::ReadOnly : os::Access::ReadWrite;
    Result<std::shared_ptr<Segment>> opened =
        timed("open", [&] { return engine::openSegment(engine::Registry::ofEnvironment(), anyName(), access); });
    if (!opened) {
        // A write to a segment of one writer is refused; Unsupported would mean a memory out of reach, and there is none here.
        if (access == os::Access::ReadWrite)
            expect("open", opened.error(), {ErrorCode::NotFound, ErrorCode::Busy, ErrorCode::PermissionDenied});
        else
            expect("open", opened.error(), {ErrorCode::NotFound, ErrorCode::Busy});
        return;
    }
    ++shared->opened;
    Segment &segment = **opened;
    const Result<engine::Listener> listener = timed("listen", [&] { return segment.listen(); });
    if (!listener)
        expect("listen", listener.error(), {ErrorCode::NotFound, ErrorCode::Busy});
    for (std::uint64_t i = randomUpTo(5); i > 0; --i) {
        if (segment.view().isWritable)
            publish(segment);
        readWhole(segment);
    }
    timed("isOwnerAlive", [&] { return segment.owner().isAlive(); });
}

void list()
{
    const Result<std::vector<std::string>> names =
        timed("names", [] { return engine::Registry::ofEnvironment().names(); });
    if (!names)
        violation("names: " + describe(names.error()));
    else if (names->size() > nameCount)
        violation("more names than there are");
}

} // namespace

int main(int argc, char **argv)
{
    const Options options(argc, argv, {{"processes", 32}, {"rounds", 500}, {"names", 8}, {"seconds", 0}});
    const std::size_t processes = std::min(std::size_t(options["processes"]), MostProcesses);
    nameCount = options["names"];
    const auto until = Clock::now() + std::chrono::seconds(static_cast<std::int64_t>(options["seconds"]));
    World world;
    const auto work = [&](std::size_t index) {
        while (shared->rounds[index] < options["rounds"] || Clock::now() < until) {
            switch (randomUpTo(9)) {
            case 0:
                list();
                break;
            case 1:
            case 2:
            case 3:
            case 4:
                own();
                break;
            default:
                attach();
            }
            ++shared->rounds[index];
        }
    };
    const auto isDone = [&](std::size_t index) {
        return shared->rounds[index] >= options["rounds"] && Clock::now() >= until;
    };
    std::vector<pid_t> pids(processes);
    for (std::size_t i = 0; i < processes; ++i)
        pids[i] = start([&, i] { work(i); });
    for (;;) {
        std::vector<std::size_t> busy;
        for (std::size_t i = 0; i < processes; ++i) {
            if (!isDone(i))
                busy.push_back(i);
        }
        if (busy.empty())
            break;
        keepAlive();
        pauseMicroseconds(randomUpTo(2 * MeanMicrosecondsBetweenKills));
        const std::size_t victim = busy[std::size_t(randomUpTo(busy.size() - 1))];
        kill(pids[victim]);
        pids[victim] = start([&, victim] { work(victim); });
    }
    for (const pid_t pid : pids)
        wait(pid);
    world.checkNothingLeft();

    std::uint64_t rounds = 0;
    for (const std::atomic<std::uint64_t> &count : shared->rounds)
        rounds += count;
    std::printf("rounds %llu, created %llu, opened %llu\n", static_cast<unsigned long long>(rounds),
                static_cast<unsigned long long>(shared->created), static_cast<unsigned long long>(shared->opened));
    if (shared->created == 0 || shared->opened == 0)
        violation("no process created or read anything");
    return finish("tst_storm");
}
