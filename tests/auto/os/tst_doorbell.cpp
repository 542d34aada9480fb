// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/doorbell.h: creation, notification, and listeners that end.

#include "suite.h"

#include "os/doorbell.h"
#include "os/handlegroup.h"
#include "os/system.h"

#include <filesystem>
#include <optional>
#include <utility>

#ifndef _WIN32
#include "../../support/posixchild.h"

#include <sys/stat.h>
#endif

using namespace sharedsegment;
using namespace sharedsegment::os;
using suite::becomesReadable;
using suite::ChildProcess;
using suite::folder;
using suite::isReadable;
using suite::Words;
using Outcome = DoorbellNotifier::Outcome;

namespace {

const char *nameOf(Outcome outcome)
{
    static constexpr const char *names[] = {"Notified", "Dead", "Failed"};
    return names[static_cast<std::size_t>(outcome)];
}

std::string freshName()
{
    return '.' + suite::freshInstance() + ".0.bell";
}

bool exists(const std::string &path)
{
    return std::filesystem::symlink_status(path).type() != std::filesystem::file_type::not_found;
}

std::string notifyOnce(const std::string &path)
{
    const SigpipeGuard guard;
    bool isDead = false;
    const DoorbellNotifier notifier = DoorbellNotifier::open(path, &isDead);
    return notifier.isOpen() ? nameOf(notifier.notify()) : isDead ? "dead" : "not open";
}

/// The child: another listener and notifier.
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
    if (words.size() == 2 && words[0] == "notify")
        return notifyOnce(folder().pathOf(words[1]));
    if (words[0] == "wait" && doorbell)
        return becomesReadable(doorbell->native()) ? "notified" : "nothing";
    if (words[0] == "close" && doorbell) {
        doorbell->remove();
        return "ok";
    }
    return "unknown command";
}

void creation()
{
    const std::string path = folder().pathOf(freshName());
    CHECK(!Doorbell().isOpen());
    Result<Doorbell> doorbell = Doorbell::create(path);
    REQUIRE(CHECK_OK(doorbell));
    CHECK(doorbell->isOpen());
    CHECK(!isReadable(doorbell->native()));
    CHECK(!DoorbellNotifier::isDead(path));
    CHECK(!DoorbellNotifier::isOtherFile(path));
    CHECK_ERROR(Doorbell::create(path), ErrorCode::AlreadyExists);
    CHECK_EQUAL(notifyOnce(path), "Notified"); // The failure has changed nothing.
    CHECK(becomesReadable(doorbell->native()));
#ifndef _WIN32
    struct stat info;
    REQUIRE(CHECK_EQUAL(stat(path.c_str(), &info), 0));
    CHECK_EQUAL(info.st_mode & 07777, 0600U);
    const mode_t before = umask(0777);
    const std::string other = folder().pathOf(freshName());
    const Result<Doorbell> masked = Doorbell::create(other);
    umask(before);
    REQUIRE(CHECK_OK(masked));
    CHECK(stat(other.c_str(), &info) == 0 && (info.st_mode & 07777) == 0600);
    CHECK_ERROR(Doorbell::create(folder().pathOf("none/doorbell")), ErrorCode::NotFound);
#endif
}

void ownership()
{
    const std::string path = folder().pathOf(freshName());
    const std::string second = folder().pathOf(freshName());
    {
        Result<Doorbell> created = Doorbell::create(path);
        REQUIRE(CHECK_OK(created));
        Doorbell moved = *std::move(created);
        CHECK(moved.isOpen());
        CHECK_EQUAL(notifyOnce(path), "Notified");
        CHECK(becomesReadable(moved.native()));
        // The old doorbell ends.
        Result<Doorbell> other = Doorbell::create(second);
        REQUIRE(CHECK_OK(other));
        moved = *std::move(other);
        CHECK_EQUAL(notifyOnce(path), "dead");
        CHECK(!exists(path));
        CHECK_EQUAL(notifyOnce(second), "Notified");
    }
    CHECK_EQUAL(notifyOnce(second), "dead");
    CHECK(!exists(second));
    CHECK_OK(Doorbell::create(path));
}

void notification()
{
    const std::string name = freshName();
    Result<Doorbell> doorbell = Doorbell::create(folder().pathOf(name));
    REQUIRE(CHECK_OK(doorbell));
    ChildProcess child;
    for (int i = 0; i < 3; ++i) {
        child.send("notify " + name);
        CHECK(becomesReadable(doorbell->native()));
        CHECK_EQUAL(child.line(), std::optional<std::string>("Notified"));
        doorbell->drain();
        CHECK(!isReadable(doorbell->native()));
    }
    // The other way round, with a notifier that stays open.
    const std::string theirs = freshName();
    REQUIRE(CHECK_EQUAL(child.request("create " + theirs), "ok"));
    bool isDead = true;
    const DoorbellNotifier notifier = DoorbellNotifier::open(folder().pathOf(theirs), &isDead);
    CHECK(notifier.isOpen() && !isDead);
    child.send("wait");
    CHECK_EQUAL(nameOf(notifier.notify()), "Notified");
    CHECK_EQUAL(child.line(), std::optional<std::string>("notified"));
}

void draining()
{
    const std::string path = folder().pathOf(freshName());
    Result<Doorbell> doorbell = Doorbell::create(path);
    REQUIRE(CHECK_OK(doorbell));
    bool isDead = false;
    const DoorbellNotifier notifier = DoorbellNotifier::open(path, &isDead);
    REQUIRE(CHECK(notifier.isOpen()));
    // More than any pipe keeps: notifying does not block and does not fail.
    constexpr int Many = suite::IsWindows ? 1000 : 100'000;
    int failures = 0;
    for (int i = 0; i < Many; ++i)
        failures += notifier.notify() == Outcome::Notified ? 0 : 1;
    CHECK_EQUAL(failures, 0);
    CHECK(isReadable(doorbell->native()));
    CHECK_EQUAL(nameOf(notifier.notify()), "Notified"); // Where the wait consumes a notification.
    doorbell->drain();
    CHECK(!isReadable(doorbell->native()));
    // What comes afterwards wakes the listener again.
    CHECK_EQUAL(nameOf(notifier.notify()), "Notified");
    CHECK(isReadable(doorbell->native()));
}

void closedListener()
{
    const std::string name = freshName();
    const std::string path = folder().pathOf(name);
    ChildProcess child;
    REQUIRE(CHECK_EQUAL(child.request("create " + name), "ok"));
    bool isDead = true;
    const DoorbellNotifier notifier = DoorbellNotifier::open(path, &isDead);
    CHECK(!isDead);
    REQUIRE(CHECK(notifier.isOpen()));
    CHECK_EQUAL(child.request("close"), "ok");
    CHECK(!exists(path));
    {
        const SigpipeGuard guard;
        CHECK_EQUAL(nameOf(notifier.notify()), "Dead");
    }
    CHECK_EQUAL(notifyOnce(path), "dead");
    // On Windows a doorbell without a listener and no doorbell are the same.
    CHECK_EQUAL(DoorbellNotifier::isDead(path), suite::IsWindows);
    CHECK(!DoorbellNotifier::isOtherFile(path));
}

void killedListener()
{
    const std::string name = freshName();
    const std::string path = folder().pathOf(name);
    ChildProcess child;
    REQUIRE(CHECK_EQUAL(child.request("create " + name), "ok"));
    bool isDead = true;
    const DoorbellNotifier notifier = DoorbellNotifier::open(path, &isDead);
    CHECK(!isDead && notifier.isOpen());
    child.kill();
    CHECK(child.wait().has_value());
    CHECK(DoorbellNotifier::isDead(path));
    CHECK(!DoorbellNotifier::isOtherFile(path));
    {
        const SigpipeGuard guard;
        CHECK_EQUAL(nameOf(notifier.notify()), "Dead");
    }
    CHECK_EQUAL(notifyOnce(path), "dead");
    // The name is free after the removal.
    DoorbellNotifier::removeDead(path);
    CHECK(!exists(path));
    CHECK_OK(Doorbell::create(path));
}

void otherFiles()
{
#ifndef _WIN32
    namespace fs = std::filesystem;
    const std::string path = folder().pathOf(freshName());
    const std::string target = folder().pathOf("target");
    const auto checkOther = [&] {
        CHECK(DoorbellNotifier::isOtherFile(path));
        CHECK_EQUAL(notifyOnce(path), "dead");
        DoorbellNotifier::removeDead(path);
    };
    std::fclose(std::fopen(target.c_str(), "w"));
    fs::copy_file(target, path);
    CHECK_EQUAL(notifyOnce(path), "dead");
    CHECK_EQUAL(fs::file_size(path), 0U); // Nothing is written to it.
    checkOther();
    CHECK(!exists(path));
    fs::create_symlink(target, path);
    checkOther();
    CHECK(!exists(path));
    CHECK(exists(target));
    fs::create_directory(path);
    checkOther();
    CHECK(!exists(path));
    // A folder with content stays.
    fs::create_directories(path + "/content");
    checkOther();
    CHECK(exists(path + "/content"));
    fs::remove_all(path);
    CHECK(!DoorbellNotifier::isOtherFile(path));
    DoorbellNotifier::removeDead(path);
#else
    // A doorbell is no file.
    const std::string path = folder().pathOf(freshName());
    CHECK(!DoorbellNotifier::isOtherFile(folder().path()));
    const Result<DoorbellNotifier> displaced = DoorbellNotifier::openDisplaced(processId(), path);
    CHECK(displaced && !displaced->isOpen());
    CHECK_EQUAL(nameOf(DoorbellNotifier::notifyWithReserve(path)), "Failed");
#endif
}

void forkedChild()
{
#ifndef _WIN32
    const std::string path = folder().pathOf(freshName());
    std::optional<Doorbell> doorbell;
    {
        Result<Doorbell> created = Doorbell::create(path);
        REQUIRE(CHECK_OK(created));
        doorbell = *std::move(created);
    }
    const int code = childprocess::inChild([&] {
        const bool wasOpen = doorbell->isOpen();
        doorbell.reset();
        return wasOpen ? 1 : 0;
    });
    CHECK_EQUAL(code, 0);
    CHECK(exists(path));
    CHECK_EQUAL(notifyOnce(path), "Notified");
    CHECK(becomesReadable(doorbell->native()));
#else
    check::skip("Windows has no fork");
#endif
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"creation", &creation},
                          {"ownership", &ownership},
                          {"notification", &notification},
                          {"draining", &draining},
                          {"closed listener", &closedListener},
                          {"killed listener", &killedListener},
                          {"other files", &otherFiles},
                          {"forked child", &forkedChild},
                      },
                      &answer);
}
