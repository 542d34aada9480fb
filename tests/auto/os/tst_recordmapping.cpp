// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/recordfile.h: the mapped part, and removal while other processes use the file.

#include "recordsuite.h"

#include "os/system.h"

#include <array>
#include <cstring>

#ifdef __linux__
#include "../../support/posixchild.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>
#endif

using namespace recordsuite;
using suite::ChildProcess;
using suite::Words;

namespace {

/// The child: opens, maps and removes a record.
std::string answer(const Words &words)
{
    static std::optional<RecordFile> file;
    static std::optional<Mapping> mapping;
    if (words[0] == "open" && words.size() == 3) {
        Result<RecordFile> opened = openRecord(words[1], words[2]);
        const std::string word = suite::wordOf(opened);
        if (opened)
            file = *std::move(opened);
        return word;
    }
    if (!file)
        return "no file";
    if (words[0] == "map") {
        Result<Mapping> mapped = file->map(Size);
        const std::string word = suite::wordOf(mapped);
        if (mapped)
            mapping = *std::move(mapped);
        return word;
    }
    if (words[0] == "get" && mapping)
        return std::to_string(std::to_integer<int>(mapping->data()[std::stoull(words[1])]));
    if (words[0] == "set" && mapping) {
        mapping->data()[std::stoull(words[1])] = std::byte(std::stoi(words[2]));
        return "ok";
    }
    if (words[0] == "remove") {
        file->remove();
        return "ok";
    }
    return "unknown command";
}

void mapping()
{
    Published published;
    REQUIRE(published.file.has_value());
    const Result<Mapping> own = published.file->map(Size);
    REQUIRE(CHECK_OK(own));
    CHECK_EQUAL(own->size(), Size);
    ChildProcess child;
    REQUIRE(CHECK_EQUAL(child.request("open " + published.name + ' ' + published.instance), "ok"));
    REQUIRE(CHECK_EQUAL(child.request("map"), "ok"));
    own->data()[8000] = std::byte(80);
    CHECK_EQUAL(child.request("get 8000"), "80");
    CHECK_EQUAL(child.request("set 8001 81"), "ok");
    CHECK(own->data()[8001] == std::byte(81));
    const Result<RecordFile> other = openRecord(published.name, published.instance);
    REQUIRE(CHECK_OK(other));
    std::array<std::byte, 2> hints = {};
    CHECK_EQUAL(other->readHints(hints, 8000), 2U);
    CHECK(hints[0] == std::byte(80) && hints[1] == std::byte(81));

    CHECK_OK(other->checkMappable(Size));
    CHECK_ERROR(other->checkMappable(Size + 70'000), ErrorCode::Corrupt);
    CHECK_ERROR(other->map(Size + 70'000), ErrorCode::Corrupt);
    if (!suite::IsWindows) {
        CHECK_ERROR(other->checkMappable(Size - 1), ErrorCode::Corrupt);
        CHECK_ERROR(other->map(Size - 1), ErrorCode::Corrupt);
    }
}

void removal()
{
    Published published;
    REQUIRE(published.file.has_value());
    const Result<Mapping> own = published.file->map(Size);
    REQUIRE(CHECK_OK(own));
    ChildProcess child;
    CHECK_EQUAL(child.request("open " + published.name + ' ' + published.instance), "ok");
    CHECK_EQUAL(child.request("map"), "ok");
    published.file->remove();
    CHECK(suite::KeepsRemovedNames || !published.file->isLinked());
    CHECK(!exists(published.name));
    CHECK_ERROR(RecordFile::open(folder(), published.name), ErrorCode::NotFound);
    // The other process keeps what it has.
    own->data()[100] = std::byte(1);
    CHECK_EQUAL(child.request("get 100"), "1");

    // Another record at the name is not this file.
    Result<RecordFile> next = RecordFile::create(folder(), freshInstance());
    REQUIRE(CHECK_OK(next) && CHECK_OK(next->publish(published.name)));
    CHECK(next->isAt(published.name));
    CHECK(!published.file->isAt(published.name));
    next->remove();
    published.file.reset();
}

void publicationAfterSweep()
{
    if (suite::KeepsRemovedNames) {
        check::skip("a temporary name exists until its owner closes the file");
        return;
    }
    const std::string instance = freshInstance();
    Result<RecordFile> file = RecordFile::create(folder(), instance);
    REQUIRE(CHECK_OK(file) && CHECK_OK(file->write(content())));
    ChildProcess sweeper;
    CHECK_EQUAL(sweeper.request("open " + RecordFile::temporaryName(instance) + ' ' + instance), "ok");
    CHECK_EQUAL(sweeper.request("remove"), "ok");
    CHECK_ERROR(file->publish("swept-" + instance), ErrorCode::NotFound);
    CHECK_ERROR(file->map(Size), ErrorCode::NotFound);
    CHECK(!exists("swept-" + instance));
}

#ifdef __linux__

/// In a file system of 16 KiB. @returns 0 when the contract holds.
int writeInFullFileSystem()
{
    if (unshare(CLONE_NEWNS) == -1 && unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1)
        return childprocess::NotAllowed;
    const char *const path = folder().path().c_str();
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || mount("tmpfs", path, "tmpfs", 0, "size=16k,mode=0700") != 0)
        return childprocess::NotAllowed;
    Result<RecordFile> first = RecordFile::create(folder(), freshInstance());
    if (!first || !first->write(content()))
        return 1;
    // Takes what is left.
    const int filler = open(folder().pathOf("filler").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const std::vector<std::byte> page(4096);
    while (write(filler, page.data(), page.size()) > 0) { }
    // The first record's space is reserved: no SIGBUS.
    const Result<Mapping> mapping = first->map(Size);
    if (!mapping)
        return 2;
    std::memset(mapping->data(), 1, Size);
    // The next one gets an error.
    Result<RecordFile> second = RecordFile::create(folder(), freshInstance());
    if (!second)
        return second.error().code == ErrorCode::OutOfMemory ? 0 : 3;
    const Status written = second->write(content());
    return !written && written.error().code == ErrorCode::OutOfMemory ? 0 : 4;
}

#endif

void fullFileSystem()
{
#ifdef __linux__
    const int code = childprocess::inChild(&writeInFullFileSystem);
    if (code == childprocess::NotAllowed)
        check::skip("this process may not mount a file system");
    else
        CHECK_EQUAL(code, 0);
#else
    check::skip("this system has no file system for one process");
#endif
}

void openInProcesses()
{
    Published published;
    REQUIRE(published.file.has_value());
    CHECK(published.file->isOpenIn(processId()));
    ChildProcess child;
    // Where a pid means the same process everywhere, the answer is always yes.
    CHECK_EQUAL(published.file->isOpenIn(child.pid()), !suite::IsLinux);
    CHECK_EQUAL(child.request("open " + published.name + ' ' + published.instance), "ok");
    CHECK(published.file->isOpenIn(child.pid()));
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"mapping", &mapping},
                          {"removal", &removal},
                          {"publication after a sweep", &publicationAfterSweep},
                          {"full file system", &fullFileSystem},
                          {"open in processes", &openInProcesses},
                      },
                      &answer);
}
