// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/recordfile.h: the locks of owners, sweepers and bytes.

#include "suite.h"

#include "os/recordfile.h"
#include "os/system.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <vector>

#ifndef _WIN32
#include "forked.h"

#include <csignal>
#include <unistd.h>
#endif

using namespace sharedsegment;
using namespace sharedsegment::os;
using std::chrono::milliseconds;
using suite::ChildProcess;
using suite::folder;
using suite::freshInstance;
using suite::Words;

namespace {

constexpr std::size_t Size = 8192;

/// Tests the owner's lock many times. @returns how often it was held.
int timesOwned(const RecordFile &file)
{
    constexpr int Tests = 2000;
    int times = 0;
    for (int i = 0; i < Tests; ++i)
        times += file.isOwned() ? 1 : 0;
    return times;
}

/// The child: owns a record, or locks another one's.
class Child
{
public:
    std::string answer(const Words &words)
    {
        const std::string &command = words[0];
        if (command == "own" && words.size() == 3)
            return own(words[1], words[2]);
        if (command == "open" && words.size() == 3) {
            Result<RecordFile> opened = RecordFile::open(folder(), words[1]);
            return keep(opened, words[2]);
        }
        if (command == "execute") {
            ChildProcess::execute();
            return "failed";
        }
        if (!m_file)
            return "no file";
        if (command == "owned")
            return m_file->isOwned() ? "yes" : "no";
        if (command == "test")
            return std::to_string(timesOwned(*m_file));
        if (command == "sweep" && words.size() == 2)
            return suite::wordOf(m_file->lockForSweep(milliseconds(std::stoi(words[1]))));
        if (command == "byte" && words.size() == 2)
            return m_file->tryLockByte(std::stoull(words[1])) ? "yes" : "no";
        if (command == "map") {
            Result<Mapping> mapped = m_file->map(Size);
            const std::string word = suite::wordOf(mapped);
            if (mapped)
                m_mapping = *std::move(mapped);
            return word;
        }
        if (command == "reopen") {
            // Opening and closing the file again must not release its lock.
            const Result<RecordFile> again = RecordFile::open(folder(), words[1]);
            return again && again->isOwned() ? "ok" : "failed";
        }
        if (command == "close") {
            m_file->close();
            return "ok";
        }
        if (command == "release") {
            m_file.reset();
            return "ok";
        }
#ifndef _WIN32
        if (command == "fork" || command == "clone")
            return std::to_string(suite::forkIdle(command == "fork" ? &fork : &suite::unnoticedFork));
#endif
        return "unknown command";
    }

private:
    std::string own(const std::string &name, const std::string &instance)
    {
        Result<RecordFile> created = RecordFile::create(folder(), instance);
        const std::string word = keep(created, instance);
        if (word != "ok")
            return word;
        if (Status written = m_file->write(std::vector<std::byte>(Size)); !written)
            return suite::wordOf(written);
        return suite::wordOf(m_file->publish(name));
    }
    std::string keep(Result<RecordFile> &file, const std::string &instance)
    {
        const std::string word = suite::wordOf(file);
        if (!file)
            return word;
        m_file = *std::move(file);
        m_file->setInstance(instance);
        return word;
    }

    std::optional<RecordFile> m_file;
    std::optional<Mapping> m_mapping;
};

std::string answer(const Words &words)
{
    static Child child;
    return child.answer(words);
}

/// A record that a child owns. The destructor removes its name.
struct OwnedByChild
{
    std::string instance = freshInstance();
    std::string name = "record-" + instance;
    ChildProcess owner;
    std::optional<RecordFile> file;

    OwnedByChild()
    {
        CHECK_EQUAL(owner.request("own " + name + ' ' + instance), "ok");
        file = open();
    }
    OwnedByChild(const OwnedByChild &) = delete;
    OwnedByChild &operator=(const OwnedByChild &) = delete;
    ~OwnedByChild()
    {
        if (std::optional<RecordFile> left = file ? open() : std::nullopt)
            left->remove();
    }

    std::optional<RecordFile> open() const
    {
        Result<RecordFile> opened = RecordFile::open(folder(), name);
        if (!CHECK_OK(opened))
            return std::nullopt;
        opened->setInstance(instance);
        return *std::move(opened);
    }
    std::string commandToOpen() const { return "open " + name + ' ' + instance; }
};

void ownLock()
{
    const std::string instance = freshInstance();
    Result<RecordFile> file = RecordFile::create(folder(), instance);
    REQUIRE(CHECK_OK(file));
    // A test by the owner's object, whose result differs between systems, does not release the lock.
    static_cast<void>(file->isOwned());
    // Another object in the same process sees the lock, and its end changes nothing.
    {
        const Result<RecordFile> other = RecordFile::open(folder(), RecordFile::temporaryName(instance));
        CHECK(other && other->isOwned());
    }
    ChildProcess child;
    CHECK_EQUAL(child.request("open " + RecordFile::temporaryName(instance) + ' ' + instance), "ok");
    CHECK_EQUAL(child.request("owned"), "yes");
    // A new object takes the lock with it.
    RecordFile moved = *std::move(file);
    CHECK_EQUAL(child.request("owned"), "yes");
    moved.remove();
    moved.close();
    CHECK_EQUAL(child.request("owned"), "no");
}

void closing()
{
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    CHECK(record.file->isOwned());
    CHECK(record.file->isOwned()); // The test is not the lock's end.
    CHECK_EQUAL(record.owner.request("reopen " + record.name), "ok");
    CHECK(record.file->isOwned());
    // No mapping keeps the lock.
    CHECK_EQUAL(record.owner.request("map"), "ok");
    CHECK_EQUAL(record.owner.request("close"), "ok");
    CHECK(!record.file->isOwned());
    CHECK(record.file->isLinked()); // The name stays.
}

void destruction()
{
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    CHECK_EQUAL(record.owner.request("release"), "ok");
    CHECK(!record.file->isOwned());
    CHECK(record.file->isLinked());
}

void end()
{
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    record.owner.closeInput();
    CHECK_EQUAL(record.owner.wait(), std::optional(0));
    CHECK(!record.file->isOwned());
}

void killed()
{
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    CHECK_EQUAL(record.owner.request("map"), "ok");
    record.owner.kill();
    CHECK(record.owner.wait().has_value());
    CHECK(!record.file->isOwned());
    CHECK(record.file->isLinked());
}

void execution()
{
    if (suite::IsWindows) {
        check::skip("Windows has no execve");
        return;
    }
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    CHECK_EQUAL(record.owner.request("map"), "ok");
    CHECK(record.file->isOwned());
    CHECK_EQUAL(record.owner.request("execute"), "ready");
    CHECK(!record.file->isOwned());
}

void forked()
{
#ifndef _WIN32
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    CHECK_EQUAL(record.owner.request("map"), "ok");
    const pid_t forked = std::stoi(record.owner.request("fork"));
    REQUIRE(CHECK_LESS(0, forked));
    CHECK(record.file->isOwned());
    record.owner.kill();
    CHECK(record.owner.wait().has_value());
    CHECK_EQUAL(::kill(forked, 0), 0); // It lives on.
    CHECK(!record.file->isOwned());
    ::kill(forked, SIGKILL);

    // Closing releases the lock also where another process has the descriptor.
    OwnedByChild copied;
    REQUIRE(copied.file.has_value());
    const pid_t clone = std::stoi(copied.owner.request("clone"));
    REQUIRE(CHECK_LESS(0, clone));
    CHECK_EQUAL(copied.owner.request("close"), "ok");
    CHECK(!copied.file->isOwned());
    ::kill(clone, SIGKILL);
#else
    check::skip("Windows has no fork");
#endif
}

void concurrentTests()
{
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    record.owner.kill();
    CHECK(record.owner.wait().has_value());
    // Tests of a free lock do not see each other.
    ChildProcess child;
    REQUIRE(CHECK_EQUAL(child.request(record.commandToOpen()), "ok"));
    child.send("test");
    CHECK_EQUAL(timesOwned(*record.file), 0);
    CHECK_EQUAL(child.line(), std::optional<std::string>("0"));
}

void sweepersLock()
{
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    record.owner.kill();
    CHECK(record.owner.wait().has_value());
    std::optional<RecordFile> second = record.open();
    ChildProcess child;
    REQUIRE(CHECK_EQUAL(child.request(record.commandToOpen()), "ok"));
    REQUIRE(second.has_value());

    REQUIRE(CHECK_OK(record.file->lockForSweep(milliseconds(0))));
    CHECK_EQUAL(child.request("sweep 0"), "Busy");
    CHECK_ERROR(second->lockForSweep(milliseconds(0)), ErrorCode::Busy);
    // The sweepers' lock is not the owner's.
    CHECK(!second->isOwned());
    CHECK_EQUAL(child.request("owned"), "no");
    // It lasts as long as its object.
    record.file.reset();
    CHECK_OK(second->lockForSweep(milliseconds(0)));
    record.file = std::move(second);
    record.file->close();
    CHECK_EQUAL(child.request("sweep 0"), "ok");
    second = record.open();
    REQUIRE(second.has_value());
    CHECK_ERROR(second->lockForSweep(milliseconds(0)), ErrorCode::Busy);
    // The death of the holder releases it, too.
    child.kill();
    CHECK(child.wait().has_value());
    CHECK_OK(second->lockForSweep(milliseconds(0)));
}

void sweepersWait()
{
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    ChildProcess child;
    CHECK_EQUAL(child.request(record.commandToOpen()), "ok");
    CHECK_EQUAL(child.request("sweep 0"), "ok");
    const auto begin = std::chrono::steady_clock::now();
    const Status busy = record.file->lockForSweep(RecordFile::LockWait);
    const auto waited = std::chrono::steady_clock::now() - begin;
    CHECK_ERROR(busy, ErrorCode::Busy);
    CHECK(waited >= RecordFile::LockWait);
    CHECK_LESS(waited, suite::Deadline);
    if (suite::IsLinux && !busy) // The text names the holder.
        CHECK(busy.error().text.find(describeProcess(child.pid())) != std::string::npos);
    // A lock that is released in time is taken.
    child.send("release");
    CHECK_OK(record.file->lockForSweep(suite::Deadline));
    CHECK_EQUAL(child.line(), std::optional<std::string>("ok"));
}

void locksOfBytes()
{
    OwnedByChild record;
    REQUIRE(record.file.has_value());
    ChildProcess child;
    CHECK_EQUAL(child.request(record.commandToOpen()), "ok");
    CHECK(record.file->tryLockByte(1000));
    CHECK_EQUAL(child.request("byte 1000"), "no");
    CHECK_EQUAL(child.request("byte 1001"), suite::HasByteLocks ? "yes" : "no");
    CHECK(record.file->isOwned());
    if (suite::HasByteLocks) { // They are independent of the sweepers' lock.
        CHECK_EQUAL(child.request("sweep 0"), "ok");
        CHECK(record.file->tryLockByte(1002));
        CHECK(!record.file->tryLockByte(1001));
    }
    record.file.reset();
    ChildProcess next;
    CHECK_EQUAL(next.request(record.commandToOpen()), "ok");
    CHECK_EQUAL(next.request("byte 1000"), "yes");
    CHECK_EQUAL(next.request("owned"), "yes");
    // The death of the holder releases them.
    next.kill();
    CHECK(next.wait().has_value());
    record.file = record.open();
    CHECK(record.file && record.file->tryLockByte(1000));
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"own lock", &ownLock},
                          {"closing", &closing},
                          {"destruction", &destruction},
                          {"end of the process", &end},
                          {"kill", &killed},
                          {"execve", &execution},
                          {"forked child", &forked},
                          {"concurrent tests", &concurrentTests},
                          {"sweepers' lock", &sweepersLock},
                          {"sweepers' wait", &sweepersWait},
                          {"locks of bytes", &locksOfBytes},
                      },
                      &answer);
}
