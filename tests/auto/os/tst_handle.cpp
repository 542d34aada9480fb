// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contracts of os/handle.h, os/processtoken.h and os/forksafemutex.h: what a forked child has and does not have (POSIX).

#include "forked.h"

#include "os/forksafemutex.h"
#include "os/handle.h"
#include "os/processtoken.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace sharedsegment::os;
using suite::checkInFork;

namespace {

bool isOpen(Handle::Native native)
{
    return fcntl(static_cast<int>(native), F_GETFD) != -1;
}

int openNull()
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

Handle makeHandle()
{
    const ForkBarrier barrier;
    return Handle(openNull(), barrier);
}

void ownership()
{
    CHECK(!Handle().isValid());
    CHECK_EQUAL(Handle().native(), Handle::Invalid);
    Handle handle = makeHandle();
    const Handle::Native native = handle.native();
    REQUIRE(CHECK(handle.isValid() && isOpen(native)));
    Handle moved = std::move(handle);
    CHECK(moved.isValid());
    CHECK_EQUAL(moved.native(), native);
    CHECK(isOpen(native));
    Handle other = makeHandle();
    const Handle::Native replaced = other.native();
    other = std::move(moved);
    CHECK(!isOpen(replaced));
    CHECK(isOpen(native));
    Handle &self = other;
    other = std::move(self);
    CHECK(isOpen(native));
    other.reset();
    CHECK(!other.isValid());
    CHECK(!isOpen(native));
    other.reset(); // Without effect.
    {
        const Handle scoped = makeHandle();
        CHECK_EQUAL(scoped.native(), native); // The system's lowest free number.
    }
    CHECK(!isOpen(native));
    const ForkBarrier barrier;
    CHECK(!Handle(-1, barrier).isValid());
}

void forkedChild()
{
    const Handle handle = makeHandle();
    Handle kept = Handle::keptInChildren(openNull());
    const Handle::Native native = handle.native();
    const Handle::Native keptNative = kept.native();
    CHECK(kept.isValid());
    checkInFork([&] {
        CHECK(!handle.isValid());
        CHECK_EQUAL(handle.native(), Handle::Invalid);
        CHECK(!isOpen(native));
        // A new descriptor gets the number, and the old object does not close it.
        Handle fresh = makeHandle();
        CHECK_EQUAL(fresh.native(), native);
        const_cast<Handle &>(handle).reset();
        CHECK(isOpen(native));
        // A kept one is a copy.
        CHECK(kept.isValid());
        CHECK(isOpen(keptNative));
        kept.reset();
        CHECK(!isOpen(keptNative));
        // The child's own handle is closed in its child.
        checkInFork([&] {
            CHECK(!fresh.isValid());
            CHECK(!isOpen(native));
        });
        CHECK(fresh.isValid());
    });
    CHECK(handle.isValid());
    CHECK(isOpen(native));
    CHECK(isOpen(keptNative));
}

void unnoticedFork()
{
    std::optional<Handle> handle = makeHandle();
    const Handle::Native native = handle->native();
    const ProcessToken parent = processToken();
    if (!suite::HasUnnoticedFork || suite::isEmulated()) {
        check::skip("no fork without handlers, or an emulator that keeps pages at it");
        return;
    }
    const pid_t pid = suite::unnoticedFork();
    if (pid == 0) {
        alarm(60);
        if (handle->isValid() || handle->native() != Handle::Invalid)
            _exit(1);
        if (isThisProcess(parent) || processToken() == parent)
            _exit(2);
        handle.reset();
        _exit(isOpen(native) ? 0 : 3); // The descriptor stays open.
    }
    int status = 0;
    CHECK_EQUAL(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status));
    CHECK_EQUAL(WEXITSTATUS(status), 0);
    CHECK(handle->isValid());
    handle.reset();
}

void forkBarrier()
{
    // A thread opens descriptors all the time. None of them is in a child without its handle.
    constexpr int Forks = 40;
    std::atomic<bool> isOver = false;
    std::atomic<int> opened = 0;
    const auto countOpen = [] {
        int count = 0;
        for (int descriptor = 0; descriptor < 64; ++descriptor)
            count += isOpen(descriptor) ? 1 : 0;
        return count;
    };
    const int before = countOpen();
    std::thread thread([&] {
        while (!isOver) {
            const Handle one = makeHandle();
            const Handle two = makeHandle();
            ++opened;
        }
    });
    while (opened == 0)
        std::this_thread::yield();
    int leaks = 0;
    for (int i = 0; i < Forks; ++i) {
        if (childprocess::inChild(countOpen) != before)
            ++leaks;
    }
    isOver = true;
    thread.join();
    CHECK_EQUAL(leaks, 0);
}

void barrierDelaysFork()
{
    // While a thread is under the barrier, a fork of another one waits.
    std::atomic<bool> hasForked = false;
    std::atomic<bool> isForking = false;
    std::optional<ForkBarrier> barrier(std::in_place);
    std::thread thread([&] {
        isForking = true;
        CHECK_EQUAL(childprocess::inChild([] { return 0; }), 0);
        hasForked = true;
    });
    while (!isForking)
        std::this_thread::yield();
    std::this_thread::sleep_for(suite::Moment);
    CHECK(!hasForked);
    barrier.reset();
    thread.join();
    CHECK(hasForked);
}

void tokens()
{
    const ProcessToken own = processToken();
    CHECK(own != 0);
    CHECK_EQUAL(processToken(), own);
    CHECK(isThisProcess(own));
    CHECK(!isThisProcess(own + 1));
    ProcessToken inThread = 0;
    std::thread([&] { inThread = processToken(); }).join();
    CHECK_EQUAL(inThread, own);
    checkInFork([&] {
        CHECK(!isThisProcess(own)); // Also before the first request.
        const ProcessToken child = processToken();
        CHECK(child != 0 && child != own);
        CHECK(isThisProcess(child));
        checkInFork([&] {
            const ProcessToken grandchild = processToken();
            CHECK(grandchild != 0 && grandchild != child && grandchild != own);
        });
        // A child that needs no token does not pass on its parent's.
        CHECK_EQUAL(processToken(), child);
    });
    checkInFork([&] { checkInFork([&] { CHECK(processToken() != own); }); });
    CHECK_EQUAL(processToken(), own);
}

void vforkedChild()
{
    // It shares the memory, so it is the same process to the library.
    const ProcessToken own = processToken();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    const pid_t pid = vfork();
#pragma GCC diagnostic pop
    if (pid == 0)
        _exit(processToken() == own ? 0 : 1);
    int status = 0;
    CHECK_EQUAL(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK_EQUAL(processToken(), own);
}

void mutexInForkedChild()
{
    static ForkSafeMutex mutex;
    std::atomic<bool> isHeld = false;
    std::atomic<bool> isOver = false;
    std::thread holder([&] {
        const std::lock_guard lock(mutex);
        isHeld = true;
        isHeld.notify_one();
        isOver.wait(false);
    });
    isHeld.wait(false);
    // The holder does not exist in the child: a child that waits for it ends by SIGALRM.
    checkInFork([] {
        alarm(10);
        const std::lock_guard lock(mutex);
        checkInFork([] {
            alarm(10);
            const std::lock_guard again(mutex);
        });
    });
    isOver = true;
    isOver.notify_one();
    holder.join();
    const std::lock_guard lock(mutex);
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"ownership", &ownership},
                          {"forked child", &forkedChild},
                          {"unnoticed fork", &unnoticedFork},
                          {"fork barrier", &forkBarrier},
                          {"barrier delays fork", &barrierDelaysFork},
                          {"tokens", &tokens},
                          {"vforked child", &vforkedChild},
                          {"mutex in a forked child", &mutexInForkedChild},
                      });
}
