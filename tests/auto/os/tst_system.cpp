// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/system.h.

#include "suite.h"

#include "os/doorbell.h"
#include "os/mapping.h"
#include "os/recordfile.h"
#include "os/system.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#ifdef _WIN32
#include <process.h>
#else
#include <sys/resource.h>
#include <unistd.h>
#endif
#ifdef __linux__
#include <fcntl.h>
#include <sys/syscall.h>
#endif

using namespace sharedsegment;
using namespace sharedsegment::os;
using suite::ChildProcess;
using suite::folder;
using suite::Words;

namespace {

constexpr std::size_t RecordSize = 8192;

/// The child: owns a record and a doorbell.
std::string answer(const Words &words)
{
    static std::optional<RecordFile> file;
    static std::optional<Mapping> mapping;
    static std::optional<Doorbell> doorbell;
    if (words[0] == "own" && words.size() == 2) {
        Result<RecordFile> created = RecordFile::create(folder(), words[1]);
        if (!created)
            return suite::wordOf(created);
        file = *std::move(created);
        return suite::wordOf(file->write(std::vector<std::byte>(RecordSize)));
    }
    if (words[0] == "map" && file) {
        Result<Mapping> mapped = file->map(RecordSize);
        const std::string word = suite::wordOf(mapped);
        if (mapped)
            mapping = *std::move(mapped);
        return word;
    }
    if (words[0] == "create" && words.size() == 2) {
        Result<Doorbell> created = Doorbell::create(folder().pathOf(words[1]));
        const std::string word = suite::wordOf(created);
        if (created)
            doorbell = *std::move(created);
        return word;
    }
    return "unknown command";
}

void processes()
{
#ifdef _WIN32
    CHECK_EQUAL(processId(), _getpid());
#else
    CHECK_EQUAL(processId(), getpid());
#endif
    ChildProcess child;
    CHECK(!isEnding(processId()));
    CHECK(!isEnding(child.pid()));
    child.kill();
    CHECK(child.wait().has_value());
}

void randomNumbers()
{
    std::set<InstanceId> ids;
    InstanceId all = {};
    for (int i = 0; i < 1000; ++i) {
        const InstanceId id = randomId();
        ids.insert(id);
        for (std::size_t byte = 0; byte < id.size(); ++byte)
            all[byte] |= id[byte];
    }
    CHECK_EQUAL(ids.size(), 1000U);
    for (const std::uint8_t byte : all)
        CHECK_EQUAL(byte, 255U); // Every bit is random.
}

void clock()
{
    using namespace std::chrono;
    const auto now = [] { return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count(); };
    constexpr std::int64_t Granularity = 20'000'000; // Of the other clock.
    std::int64_t last = wallClock();
    for (int i = 0; i < 100; ++i) {
        const std::int64_t before = now();
        const std::int64_t read = wallClock();
        const std::int64_t after = now();
        CHECK_LESS(before - Granularity, read);
        CHECK_LESS(read, after + Granularity);
        CHECK(last <= read);
        last = read;
    }
}

void memory()
{
    // A small request gets a quick answer that allows it.
    CHECK(availableMemory(1) >= 1);
    CHECK(availableMemory(4096) >= 4096);
    // No machine has 2^60 bytes; all have 16 MiB.
    const std::uint64_t available = availableMemory(std::uint64_t(1) << 60);
    CHECK_LESS(available, std::uint64_t(1) << 60);
    CHECK_LESS(std::uint64_t(16) << 20, available);
    CHECK_LESS(availableMemory(std::uint64_t(1) << 40), std::uint64_t(1) << 60);
}

void descriptors()
{
    const DescriptorLimit limit = descriptorLimit();
    CHECK(limit.now <= limit.highest);
    CHECK_LESS(16U, limit.now);
    CHECK_LESS(suite::openDescriptors(), limit.now);
#ifndef _WIN32
    rlimit system = {};
    REQUIRE(CHECK_EQUAL(getrlimit(RLIMIT_NOFILE, &system), 0));
    CHECK_EQUAL(limit.now, system.rlim_cur);
    CHECK_EQUAL(limit.highest, system.rlim_max);
    rlimit lower = system;
    lower.rlim_cur = 100;
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &lower), 0);
    CHECK_EQUAL(descriptorLimit().now, 100U);
    CHECK_EQUAL(descriptorLimit().highest, system.rlim_max);
    setrlimit(RLIMIT_NOFILE, &system);
#endif
}

void openFiles()
{
    const std::string instance = suite::freshInstance();
    ChildProcess owner;
    ChildProcess other;
    REQUIRE(CHECK_EQUAL(owner.request("own " + instance), "ok"));
    const std::string path = folder().pathOf(RecordFile::temporaryName(instance));
    Result<RecordFile> file = RecordFile::open(folder(), RecordFile::temporaryName(instance));
    REQUIRE(CHECK_OK(file));
    CHECK(file->isOpenIn(owner.pid()));
    CHECK_EQUAL(file->isOpenIn(other.pid()), !suite::IsLinux);
    // Only for error texts, and only Linux tells.
    CHECK(!hasMapped(owner.pid(), path));
    CHECK_EQUAL(owner.request("map"), "ok");
    CHECK_EQUAL(hasMapped(owner.pid(), path), suite::IsLinux);
    CHECK(!hasMapped(other.pid(), path));
    CHECK(!hasMapped(owner.pid(), folder().pathOf("none")));
    owner.kill();
    CHECK(owner.wait().has_value());
    CHECK_EQUAL(file->isOpenIn(owner.pid()), !suite::IsLinux);
    CHECK(!hasMapped(owner.pid(), path));
    file->setInstance(instance);
    file->remove();
}

void descriptorsOfOthers()
{
    const std::string name = '.' + suite::freshInstance() + ".0.bell";
    ChildProcess child;
    REQUIRE(CHECK_EQUAL(child.request("create " + name), "ok"));
    const auto pathOf = [&](const std::string &file) -> std::string {
        const Result<std::string> path = descriptorPathOf(child.pid(), file);
        return CHECK_OK(path) ? *path : "failed";
    };
    CHECK_EQUAL(pathOf("none"), "");
    const std::string path = pathOf(name);
    CHECK_EQUAL(path.empty(), !suite::IsLinux);
    if (!suite::IsLinux)
        return;
    CHECK(path.starts_with("/proc/" + std::to_string(child.pid()) + "/fd/"));
    CHECK_EQUAL(std::filesystem::read_symlink(path).string(), folder().pathOf(name));
    std::filesystem::remove(folder().pathOf(name));
    CHECK_EQUAL(pathOf(name), path); // Removed files, too.
    child.kill();
    CHECK(child.wait().has_value());
    CHECK_EQUAL(pathOf(name), "");
}

void lockHolders()
{
#ifdef __linux__
    const std::string instance = suite::freshInstance();
    ChildProcess owner;
    REQUIRE(CHECK_EQUAL(owner.request("own " + instance), "ok"));
    const std::string path = folder().pathOf(RecordFile::temporaryName(instance));
    Handle handle = [&] {
        const ForkBarrier barrier;
        return Handle(::open(path.c_str(), O_RDWR | O_CLOEXEC), barrier);
    }();
    REQUIRE(CHECK(handle.isValid()));
    CHECK_EQUAL(lockHolder(handle.native(), 0), owner.pid());
    // A lock of the whole file holds each byte.
    CHECK_EQUAL(lockHolder(handle.native(), 1), suite::IsPortable ? owner.pid() : 0);
    CHECK(hasOpen(processId(), handle.native()));
    owner.kill();
    CHECK(owner.wait().has_value());
    CHECK_EQUAL(lockHolder(handle.native(), 0), 0U);
    std::filesystem::remove(path);
#else
    CHECK_EQUAL(lockHolder(Handle::Invalid, 0), 0U);
#endif
}

void threads()
{
#ifdef __linux__
    const auto thread = static_cast<std::uint64_t>(syscall(SYS_gettid));
    CHECK_EQUAL(processOfThread(thread), processId());
    ChildProcess child;
    CHECK_EQUAL(processOfThread(child.pid()), child.pid());
    child.kill();
    CHECK(child.wait().has_value());
    CHECK_EQUAL(processOfThread(child.pid()), 0U);
#else
    CHECK_EQUAL(processOfThread(processId()), 0U);
#endif
}

void programNames()
{
    const std::string own = programName(processId());
    if (!suite::isEmulated())
        CHECK_EQUAL(own, suite::IsWindows ? "tst_os_system.exe" : "tst_os_system");
    CHECK(!own.empty());
    const std::string number = "process " + std::to_string(processId());
    CHECK_EQUAL(describeProcess(processId()), own + ", " + number);
    ChildProcess child;
    CHECK_EQUAL(programName(child.pid()), own);
    child.kill();
    CHECK(child.wait().has_value());
    if (!suite::IsWindows) { // There a handle keeps what is known.
        CHECK_EQUAL(programName(child.pid()), "");
        CHECK_EQUAL(describeProcess(child.pid()), "process " + std::to_string(child.pid()));
    }
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"processes", &processes},
                          {"random numbers", &randomNumbers},
                          {"clock", &clock},
                          {"memory", &memory},
                          {"descriptors", &descriptors},
                          {"open files", &openFiles},
                          {"descriptors of others", &descriptorsOfOthers},
                          {"holders of locks", &lockHolders},
                          {"threads", &threads},
                          {"names of programs", &programNames},
                      },
                      &answer);
}
