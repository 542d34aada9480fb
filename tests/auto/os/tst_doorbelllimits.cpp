// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/doorbell.h: signals, the limit of descriptors, and displaced doorbells (POSIX).

#include "forked.h"

#include "os/doorbell.h"
#include "os/system.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <optional>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace sharedsegment;
using namespace sharedsegment::os;
using suite::becomesReadable;
using suite::checkInFork;
using suite::ChildProcess;
using suite::folder;
using suite::isReadable;
using suite::Words;
using Outcome = DoorbellNotifier::Outcome;

namespace {

std::string freshName()
{
    return '.' + suite::freshInstance() + ".0.bell";
}

/// Opens descriptors up to the limit, which it lowers first.
void useUpDescriptors()
{
    const rlimit limit = {128, 128};
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) != -1) { }
}

volatile std::sig_atomic_t receivedSignals = 0;

/// A notifier of a doorbell whose listener has ended.
DoorbellNotifier deadNotifier()
{
    const std::string path = folder().pathOf(freshName());
    const Result<Doorbell> doorbell = Doorbell::create(path);
    CHECK_OK(doorbell);
    bool isDead = true;
    DoorbellNotifier notifier = DoorbellNotifier::open(path, &isDead);
    CHECK(!isDead && notifier.isOpen());
    return notifier;
}

bool isBlocked()
{
    sigset_t set;
    pthread_sigmask(SIG_BLOCK, nullptr, &set);
    return sigismember(&set, SIGPIPE) == 1;
}

bool isPending()
{
    sigset_t set;
    sigpending(&set);
    return sigismember(&set, SIGPIPE) == 1;
}

void brokenPipes()
{
    // With the default action, the signal would end the child.
    checkInFork([] {
        std::signal(SIGPIPE, SIG_DFL);
        const DoorbellNotifier notifier = deadNotifier();
        {
            const SigpipeGuard guard;
            CHECK(notifier.notify() == Outcome::Dead);
            CHECK(notifier.notify() == Outcome::Dead);
        }
        CHECK(!isBlocked());
        CHECK(!isPending());
    });
    checkInFork([] {
        std::signal(SIGPIPE, [](int) { receivedSignals = receivedSignals + 1; });
        const DoorbellNotifier notifier = deadNotifier();
        {
            const SigpipeGuard guard;
            CHECK(notifier.notify() == Outcome::Dead);
        }
        CHECK_EQUAL(int(receivedSignals), 0);
        // A signal of another origin is received afterwards.
        std::raise(SIGPIPE);
        CHECK_EQUAL(int(receivedSignals), 1);
    });
    // A signal that is pending before stays so.
    checkInFork([] {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &set, nullptr);
        const DoorbellNotifier notifier = deadNotifier();
        {
            const SigpipeGuard guard;
            CHECK(notifier.notify() == Outcome::Dead);
        }
        CHECK(isBlocked());
        CHECK(!isPending());
        std::raise(SIGPIPE);
        {
            const SigpipeGuard guard;
            CHECK(notifier.notify() == Outcome::Dead);
        }
        CHECK(isBlocked());
        CHECK(isPending());
    });
}

void descriptorLimit()
{
    const std::string path = folder().pathOf(freshName());
    Result<Doorbell> doorbell = Doorbell::create(path);
    REQUIRE(CHECK_OK(doorbell));
    const std::string dead = folder().pathOf(freshName());
    {
        ChildProcess child;
        CHECK_EQUAL(child.request("create " + dead.substr(dead.rfind('/') + 1)), "ok");
        child.kill();
        CHECK(child.wait().has_value());
    }
    const std::string fresh = folder().pathOf(freshName());
    checkInFork([&] {
        const SigpipeGuard guard;
        CHECK(DoorbellNotifier::notifyWithReserve(path) == Outcome::Failed); // Nothing is reserved.
        DoorbellNotifier::reserve();
        DoorbellNotifier::reserve(); // Without effect.
        useUpDescriptors();
        bool isDead = true;
        CHECK(!DoorbellNotifier::open(path, &isDead).isOpen());
        CHECK(!isDead);
        CHECK(!DoorbellNotifier::isDead(path));
        for (int i = 0; i < 3; ++i) // The descriptor is reserved again.
            CHECK(DoorbellNotifier::notifyWithReserve(path) == Outcome::Notified);
        CHECK(DoorbellNotifier::notifyWithReserve(dead) == Outcome::Dead);
        CHECK(DoorbellNotifier::notifyWithReserve(fresh) == Outcome::Dead); // Nothing is there.
        CHECK(DoorbellNotifier::notifyWithReserve(folder().path()) == Outcome::Dead);
        CHECK(DoorbellNotifier::notifyWithReserve(path) == Outcome::Notified);
        CHECK(open("/dev/null", O_RDONLY | O_CLOEXEC) == -1);
        // A failed creation leaves nothing.
        const Result<Doorbell> another = Doorbell::create(fresh);
        CHECK(!another && isOutOfDescriptors(another.error()));
        CHECK(access(fresh.c_str(), F_OK) != 0);
    });
    CHECK(becomesReadable(doorbell->native()));
}

void displaced()
{
    const std::string name = freshName();
    const std::string path = folder().pathOf(name);
    ChildProcess child;
    REQUIRE(CHECK_EQUAL(child.request("create " + name), "ok"));
    const auto notifyDisplaced = [&](std::uint64_t pid) -> std::string {
        const SigpipeGuard guard;
        const Result<DoorbellNotifier> notifier = DoorbellNotifier::openDisplaced(pid, path);
        if (!CHECK_OK(notifier) || !notifier->isOpen())
            return "not open";
        return notifier->notify() == Outcome::Notified ? "notified" : "failed";
    };
    CHECK_EQUAL(notifyDisplaced(processId()), "not open"); // Another process.
    std::filesystem::remove(path);
    if (!suite::IsLinux) {
        CHECK_EQUAL(notifyDisplaced(child.pid()), "not open");
        check::skip("other processes' descriptors have no path here");
        return;
    }
    CHECK_EQUAL(notifyDisplaced(child.pid()), "notified");
    CHECK_EQUAL(child.request("wait"), "notified");
    // Another doorbell at the path is not the displaced one.
    Result<Doorbell> replacement = Doorbell::create(path);
    REQUIRE(CHECK_OK(replacement));
    CHECK_EQUAL(notifyDisplaced(child.pid()), "notified");
    CHECK_EQUAL(child.request("wait"), "notified");
    CHECK(!isReadable(replacement->native()));
    // Without a free descriptor, the question stays open.
    checkInFork([&] {
        useUpDescriptors();
        const Result<DoorbellNotifier> notifier = DoorbellNotifier::openDisplaced(child.pid(), path);
        CHECK(!notifier && isOutOfDescriptors(notifier.error()));
    });
    child.kill();
    CHECK(child.wait().has_value());
    CHECK_EQUAL(notifyDisplaced(child.pid()), "not open");
}

/// The child: another listener.
std::string answer(const Words &words)
{
    static std::optional<Doorbell> doorbell;
    if (words.size() == 2 && words[0] == "create") {
        Result<Doorbell> created = Doorbell::create(folder().pathOf(words[1]));
        const std::string word = suite::wordOf(created);
        if (created)
            doorbell = *std::move(created);
        return word;
    }
    if (words[0] == "wait" && doorbell) {
        const bool isNotified = becomesReadable(doorbell->native());
        doorbell->drain();
        return isNotified ? "notified" : "nothing";
    }
    return "unknown command";
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"broken pipes", &brokenPipes},
                          {"descriptor limit", &descriptorLimit},
                          {"displaced doorbells", &displaced},
                      },
                      &answer);
}
