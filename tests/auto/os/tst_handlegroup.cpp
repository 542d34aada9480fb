// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/handlegroup.h. Within one process: a thread notifies, so the thread sanitizer checks it, too.

#include "suite.h"

#include "os/doorbell.h"
#include "os/handlegroup.h"

#include <limits>
#include <thread>
#include <utility>
#include <vector>

#ifndef _WIN32
#include <unistd.h>
#endif

using namespace sharedsegment;
using namespace sharedsegment::os;
using std::chrono::nanoseconds;
using suite::folder;

namespace {

using Clock = std::chrono::steady_clock;

/// Doorbells as handles that a test makes readable.
class Doorbells
{
public:
    explicit Doorbells(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) {
            m_paths.push_back(folder().pathOf('.' + suite::freshInstance() + ".0.bell"));
            Result<Doorbell> created = Doorbell::create(m_paths.back());
            if (CHECK_OK(created))
                m_doorbells.push_back(*std::move(created));
        }
        m_handles.reserve(count);
        for (const Doorbell &doorbell : m_doorbells)
            m_handles.push_back(doorbell.native());
    }

    const std::vector<Handle::Native> &handles() const { return m_handles; }
    Doorbell &operator[](std::size_t index) { return m_doorbells[index]; }
    bool notify(std::size_t index) const
    {
        bool isDead = false;
        const SigpipeGuard guard;
        const DoorbellNotifier notifier = DoorbellNotifier::open(m_paths[index], &isDead);
        return notifier.isOpen() && notifier.notify() == DoorbellNotifier::Outcome::Notified;
    }

private:
    std::vector<std::string> m_paths;
    std::vector<Doorbell> m_doorbells;
    std::vector<Handle::Native> m_handles;
};

void none()
{
    CHECK_EQUAL(waitForAny({}, nanoseconds(0)), -1);
    const auto begin = Clock::now();
    CHECK_EQUAL(waitForAny({}, suite::Moment), -1);
    CHECK(Clock::now() - begin >= suite::Moment);
}

void one()
{
    Doorbells doorbells(1);
    REQUIRE(CHECK_EQUAL(doorbells.handles().size(), 1U));
    CHECK_EQUAL(waitForAny(doorbells.handles(), nanoseconds(0)), -1);
    CHECK(doorbells.notify(0));
    CHECK_EQUAL(waitForAny(doorbells.handles(), nanoseconds(0)), 0);
    doorbells[0].drain();
    CHECK_EQUAL(waitForAny(doorbells.handles(), nanoseconds(0)), -1);
    // The longest time does not overflow.
    CHECK(doorbells.notify(0));
    CHECK_EQUAL(waitForAny(doorbells.handles(), nanoseconds::max()), 0);
    doorbells[0].drain();
    CHECK_EQUAL(waitForAny(doorbells.handles(), nanoseconds::min()), -1);
}

void deadline()
{
    Doorbells doorbells(3);
    const auto begin = Clock::now();
    CHECK_EQUAL(waitForAny(doorbells.handles(), suite::Moment), -1);
    const auto waited = Clock::now() - begin;
    CHECK(waited >= suite::Moment);
    CHECK_LESS(waited, suite::Deadline);
    // A wait without time is no wait.
    const auto start = Clock::now();
    for (int i = 0; i < 100; ++i)
        CHECK_EQUAL(waitForAny(doorbells.handles(), nanoseconds(0)), -1);
    CHECK_LESS(Clock::now() - start, suite::Deadline);
}

void many()
{
    // A single wait of Windows takes no more (MAXIMUM_WAIT_OBJECTS).
    constexpr std::size_t Count = suite::IsWindows ? 64 : 100;
    Doorbells doorbells(Count);
    REQUIRE(CHECK_EQUAL(doorbells.handles().size(), Count));
    const auto begin = Clock::now();
    CHECK_EQUAL(waitForAny(doorbells.handles(), suite::Moment), -1);
    CHECK(Clock::now() - begin >= suite::Moment);
    for (const std::size_t index : {std::size_t(0), Count / 2, Count - 1}) {
        CHECK(doorbells.notify(index));
        CHECK_EQUAL(waitForAny(doorbells.handles(), suite::Deadline), index);
        doorbells[index].drain();
    }
    CHECK_EQUAL(waitForAny(doorbells.handles(), nanoseconds(0)), -1);
    // One of several: each is reported in its turn.
    CHECK(doorbells.notify(3) && doorbells.notify(5));
    const int first = waitForAny(doorbells.handles(), suite::Deadline);
    CHECK(first == 3 || first == 5);
    doorbells[static_cast<std::size_t>(first)].drain();
    CHECK_EQUAL(waitForAny(doorbells.handles(), suite::Deadline), 8 - first);
}

void fromThread()
{
    Doorbells doorbells(2);
    for (int i = 0; i < 20; ++i) {
        const std::size_t index = i % 2 == 0 ? 1 : 0;
        std::thread notifier([&] { static_cast<void>(doorbells.notify(index)); });
        CHECK_EQUAL(waitForAny(doorbells.handles(), suite::Deadline), index);
        notifier.join();
        doorbells[index].drain();
    }
}

void closedPipe()
{
#ifndef _WIN32
    // The end of its other side makes a descriptor readable.
    int ends[2];
    REQUIRE(CHECK_EQUAL(pipe(ends), 0));
    const Handle::Native handles[] = {ends[0]};
    CHECK_EQUAL(waitForAny(handles, nanoseconds(0)), -1);
    close(ends[1]);
    CHECK_EQUAL(waitForAny(handles, nanoseconds(0)), 0);
    close(ends[0]);
#endif
}

void groups()
{
    CHECK(!HandleGroup().isActive());
    Doorbells doorbells(3);
    REQUIRE(CHECK_EQUAL(doorbells.handles().size(), 3U));
    Result<HandleGroup> group = HandleGroup::of(std::span(doorbells.handles()).first(2));
    if (suite::IsWindows) {
        CHECK_ERROR(group, ErrorCode::Unsupported);
        CHECK_ERROR(HandleGroup().add(doorbells.handles()[0]), ErrorCode::Unsupported);
        return;
    }
    REQUIRE(CHECK_OK(group));
    CHECK(group->isActive());
    CHECK(!suite::isReadable(group->native()));
    for (const std::size_t index : {0U, 1U}) {
        CHECK(doorbells.notify(index));
        CHECK(suite::becomesReadable(group->native()));
        CHECK(suite::isReadable(group->native())); // As long as the member is readable.
        doorbells[index].drain();
        CHECK(!suite::isReadable(group->native()));
    }
    // Only members count.
    CHECK(doorbells.notify(2));
    CHECK(!suite::isReadable(group->native()));
    CHECK_OK(group->add(doorbells.handles()[2]));
    CHECK(suite::isReadable(group->native()));
    // A member leaves when its owner closes it.
    doorbells[2].remove();
    CHECK(!suite::isReadable(group->native()));
    CHECK(!group->add(Handle::Invalid));
    const Handle::Native invalid[] = {Handle::Invalid};
    CHECK(!HandleGroup::of(invalid));
}

void groupOfNone()
{
    if (suite::IsWindows)
        return;
    const std::size_t before = suite::openDescriptors();
    {
        Result<HandleGroup> group = HandleGroup::of({});
        REQUIRE(CHECK_OK(group));
        CHECK(!suite::isReadable(group->native()));
        // A group may be a member of a group, as in an event loop.
        Doorbells doorbells(1);
        CHECK_OK(group->add(doorbells.handles()[0]));
        const Handle::Native inner[] = {group->native()};
        Result<HandleGroup> outer = HandleGroup::of(inner);
        REQUIRE(CHECK_OK(outer));
        CHECK(!suite::isReadable(outer->native()));
        CHECK(doorbells.notify(0));
        CHECK(suite::isReadable(outer->native()));
    }
    CHECK_EQUAL(suite::openDescriptors(), before);
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"none", &none},
                          {"one", &one},
                          {"deadline", &deadline},
                          {"many", &many},
                          {"from a thread", &fromThread},
                          {"closed pipe", &closedPipe},
                          {"groups", &groups},
                          {"group of none", &groupOfNone},
                      });
}
