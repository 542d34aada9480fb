// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Wishes: what a process that waits for a mirror, or has it open, says in the registry folder, and how that ends.

#include "contents.h"

#include "engine/awaitname.h"
#include "engine/wish.h"
#include "os/pathwatch.h"
#include "os/recordfile.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#ifndef _WIN32
#include "../os/forked.h"

#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>
#endif
#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#endif

using namespace contents;
using suite::ChildProcess;
using suite::Words;
namespace fs = std::filesystem;

namespace {

const std::string Name = "@host/boiler";

RegistryFolder registryFolder()
{
    return RegistryFolder(suite::folder());
}

std::vector<std::string> wishFiles()
{
    std::vector<std::string> files = *suite::folder().files();
    std::erase_if(files, [](const std::string &file) { return !file.ends_with(".wish"); });
    return files;
}

/// The names that living processes wish.
std::vector<std::string> wishedNames()
{
    std::vector<std::string> names;
    const Result<std::vector<HeldWish>> wishes = registryFolder().wishes();
    if (CHECK_OK(wishes)) {
        for (const HeldWish &wish : *wishes)
            names.push_back(wish.name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

using Names = std::vector<std::string>;

/// Waits until these names are wished.
bool becomeWished(const Names &names)
{
    const auto end = std::chrono::steady_clock::now() + suite::Deadline;
    while (wishedNames() != names) {
        if (std::chrono::steady_clock::now() >= end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

/// Opens `name`, and waits for it.
Result<std::shared_ptr<Segment>> await(const std::string &name, std::chrono::milliseconds wait)
{
    std::shared_ptr<Segment> segment;
    const auto attempt = [&]() -> Status {
        Result<std::shared_ptr<Segment>> opened = openSegment(registry(), name, os::Access::ReadOnly);
        if (!opened)
            return opened.error();
        segment = *std::move(opened);
        return {};
    };
    const Status opened = awaitName(registry(), name, attempt, std::chrono::steady_clock::now() + wait);
    if (!opened)
        return opened.error();
    return segment;
}

/// The child: wishes, opens, waits, owns and sweeps.
class Child
{
public:
    std::string answer(const Words &words)
    {
        const std::string &command = words[0];
        if (command == "close") {
            m_wish.reset();
            m_segment.reset();
            m_owned.reset();
            return "ok";
        }
        if (command == "sweep" && words.size() == 2) {
            bool isListed = true;
            for (int i = std::stoi(words[1]); i > 0; --i)
                isListed &= bool(registry().names());
            return isListed ? "ok" : "failed";
        }
        if (words.size() >= 2 && command == "wish") {
            m_wish = Wish::of(registry(), words[1]);
            return m_wish ? "ok" : "none";
        }
        if (words.size() >= 2 && command == "own")
            return keep(createValues(words[1], Kind::FixedArray, 4), &m_owned);
        if (words.size() >= 2 && command == "open")
            return keep(openSegment(registry(), words[1], os::Access::ReadOnly), &m_segment);
        if (words.size() == 3 && command == "await")
            return keep(await(words[1], std::chrono::milliseconds(std::stoi(words[2]))), &m_segment);
#ifndef _WIN32
        if (command == "fork")
            return std::to_string(suite::forkIdle(&fork));
#endif
        return "unknown command";
    }

private:
    template<typename Value>
    static std::string keep(Result<Value> result, std::optional<Value> *kept)
    {
        const std::string word = suite::wordOf(result);
        if (result)
            kept->emplace(*std::move(result));
        return word;
    }

    std::shared_ptr<Wish> m_wish;
    std::optional<std::shared_ptr<Segment>> m_segment;
    std::optional<CreatedSegment> m_owned;
};

std::string answer(const Words &words)
{
    static Child child;
    return child.answer(words);
}

void fileNames()
{
    const std::string id = suite::freshInstance();
    CHECK(os::RecordFile::isWishName(os::RecordFile::wishName(id)));
    CHECK(os::RecordFile::isWishName(".0123456789ABCDEFabcdef0123456789.wish"));
    for (const std::string &file : {id + ".wish", '.' + id, '.' + id + ".new", '.' + id + "0.wish",
                                    '.' + id.substr(1) + ".wish", '.' + id.substr(1) + "g.wish", std::string()})
        CHECK(!os::RecordFile::isWishName(file));
}

void made()
{
    std::shared_ptr<Wish> wish = Wish::of(registry(), Name);
    REQUIRE(CHECK(wish != nullptr));
    const std::vector<std::string> files = wishFiles();
    REQUIRE(CHECK_EQUAL(files.size(), 1U));
    CHECK(os::RecordFile::isWishName(files[0]));
    CHECK_EQUAL(fs::file_size(suite::folder().pathOf(files[0])), Name.size());
#ifndef _WIN32
    struct stat info;
    CHECK_EQUAL(::lstat(suite::folder().pathOf(files[0]).c_str(), &info), 0);
    CHECK_EQUAL(info.st_mode & 0777, 0600);
#endif
    const Result<std::vector<HeldWish>> wishes = registryFolder().wishes();
    CHECK(wishes && wishes->size() == 1 && wishes->front() == HeldWish({files[0], Name}));
    // Each object of the process that wishes the name holds the same.
    std::shared_ptr<Wish> second = Wish::of(registry(), Name);
    CHECK(second == wish);
    const std::shared_ptr<Wish> other = Wish::of(registry(), "@other/boiler");
    CHECK(other && other != wish);
    CHECK(wishedNames() == Names({Name, "@other/boiler"}));
    // A sweep removes none of them.
    CHECK_OK(registry().names());
    wish.reset();
    CHECK(wishedNames() == Names({Name, "@other/boiler"}));
    second.reset();
    CHECK(wishedNames() == Names({"@other/boiler"}));
    CHECK_EQUAL(wishFiles().size(), 1U);
    CHECK(Wish::of(registry(), Name) != nullptr);
    CHECK_EQUAL(wishFiles().size(), 1U);
}

void ofMirrorsAlone()
{
    for (const std::string &name : {std::string("boiler"), std::string("host/@boiler"), std::string(),
                                    "@host/" + std::string(250, 'x'), std::string("@\xff"), std::string("@a\0b", 4)})
        CHECK(Wish::of(registry(), name) == nullptr);
    CHECK(wishFiles().empty());
    const std::string longest = "@host/" + std::string(249, 'x');
    const std::shared_ptr<Wish> wish = Wish::of(registry(), longest);
    CHECK(wishedNames() == Names({longest}));
}

void withoutFolder()
{
    const std::string path = suite::parentFolder() + "/later";
    const Registry later = Registry::at(path);
    CHECK(Wish::of(later, Name) == nullptr);
    CHECK(!fs::exists(path));
    CHECK_OK(later.create());
    std::shared_ptr<Wish> wish = Wish::of(later, Name);
    REQUIRE(CHECK(wish != nullptr));
    CHECK(wishFiles().empty()); // Each registry has its own.
    CHECK_EQUAL(later.open()->wishes()->size(), 1U);
    wish.reset();
    CHECK_EQUAL(later.open()->wishes()->size(), 0U);
}

void removedByOthers()
{
    std::shared_ptr<Wish> wish = Wish::of(registry(), Name);
    REQUIRE(CHECK_EQUAL(wishFiles().size(), 1U));
    if (suite::IsWindows) {
        check::skip("Windows does not remove a file that is open");
        return;
    }
    fs::remove(suite::folder().pathOf(wishFiles()[0]));
    std::shared_ptr<Wish> next = Wish::of(registry(), Name);
    CHECK(next && next != wish);
    CHECK(wishedNames() == Names({Name}));
    CHECK(Wish::of(registry(), Name) == next);
    // The end of the first one does not concern the second.
    wish.reset();
    CHECK(wishedNames() == Names({Name}));
    CHECK(Wish::of(registry(), Name) == next);
    next.reset();
    CHECK(wishFiles().empty());
}

void killed()
{
    for (const bool isListed : {false, true}) {
        ChildProcess child;
        REQUIRE(CHECK_EQUAL(child.request("wish " + Name), "ok"));
        CHECK(wishedNames() == Names({Name}));
        child.kill();
        CHECK(child.wait().has_value());
        CHECK_EQUAL(wishFiles().size(), 1U);
        if (isListed)
            CHECK_OK(registry().names());
        else
            CHECK(wishedNames().empty());
        CHECK(wishFiles().empty());
    }
}

void forked()
{
#ifndef _WIN32
    ChildProcess child;
    REQUIRE(CHECK_EQUAL(child.request("wish " + Name), "ok"));
    const pid_t forked = std::stoi(child.request("fork"));
    REQUIRE(CHECK_LESS(0, forked));
    CHECK(wishedNames() == Names({Name}));
    child.kill();
    CHECK(child.wait().has_value());
    CHECK_EQUAL(::kill(forked, 0), 0); // It lives on.
    CHECK(wishedNames().empty());
    ::kill(forked, SIGKILL);

    std::shared_ptr<Wish> wish = Wish::of(registry(), Name);
    REQUIRE(CHECK(wish != nullptr));
    suite::checkInFork([&wish] {
        // It is the parent's, and a wish of the child is another one.
        std::shared_ptr<Wish> own = Wish::of(registry(), Name);
        CHECK(own && own != wish);
        CHECK(wishedNames() == Names({Name, Name}));
        wish.reset();
        CHECK(wishedNames() == Names({Name, Name}));
        own.reset();
        CHECK(wishedNames() == Names({Name}));
    });
    CHECK(wishedNames() == Names({Name}));
#else
    check::skip("Windows has no fork");
#endif
}

void besideASweeper()
{
    ChildProcess sweeper;
    sweeper.send("sweep 3000");
    for (int i = 0; i < 500; ++i) {
        const std::shared_ptr<Wish> wish = Wish::of(registry(), Name);
        REQUIRE(CHECK(wish != nullptr));
        REQUIRE(CHECK(wishedNames() == Names({Name})));
    }
    CHECK_EQUAL(sweeper.line(), std::optional<std::string>("ok"));
    CHECK(wishFiles().empty());
}

void leftOvers()
{
    const auto path = [] { return suite::folder().pathOf(os::RecordFile::wishName(suite::freshInstance())); };
    const std::string target = suite::parentFolder() + "/target";
    std::ofstream(target) << Name;
    const auto make = [&] {
        std::ofstream(path()) << Name;
        std::ofstream(path()) << "";
        std::ofstream(path()) << std::string(100000, 'x');
#ifndef _WIN32
        fs::create_symlink(target, path());
        fs::create_symlink(suite::parentFolder() + "/missing", path());
        fs::create_directory(path());
        CHECK_EQUAL(::mkfifo(path().c_str(), 0600), 0);
#endif
    };
    make();
    CHECK(wishedNames().empty());
    CHECK(wishFiles().empty());
    make();
    CHECK_OK(registry().names());
    CHECK(wishFiles().empty());
    CHECK(fs::exists(target));
    // Other files are left alone.
    const std::string other = suite::folder().pathOf(".other.wish");
    std::ofstream(other) << Name;
    CHECK(wishedNames().empty());
    CHECK_OK(registry().names());
    CHECK(fs::exists(other));
    fs::remove(other);
    // A held file without a name in it stays, and is no wish.
    for (const std::string &content : {std::string(), std::string(256, 'x'), std::string("\xff")}) {
        const std::string id = suite::freshInstance();
        Result<os::RecordFile> file = os::RecordFile::create(suite::folder(), id);
        REQUIRE(CHECK_OK(file));
        CHECK_OK(file->write(std::as_bytes(std::span(content))));
        CHECK_OK(file->publish(os::RecordFile::wishName(id)));
        CHECK(wishedNames().empty());
        CHECK_EQUAL(wishFiles().size(), 1U);
        CHECK(file->remove());
    }
}

void withoutResources()
{
#ifndef _WIN32
    suite::checkInFork([] {
        // No space: a full file system fails in the same places.
        const rlimit none = {0, RLIM_INFINITY};
        CHECK_EQUAL(::setrlimit(RLIMIT_FSIZE, &none), 0);
        CHECK(Wish::of(registry(), Name) == nullptr);
        const rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
        CHECK_EQUAL(::setrlimit(RLIMIT_FSIZE, &all), 0);
        // No descriptor.
        rlimit before{};
        CHECK_EQUAL(::getrlimit(RLIMIT_NOFILE, &before), 0);
        const rlimit standard = {3, before.rlim_max};
        CHECK_EQUAL(::setrlimit(RLIMIT_NOFILE, &standard), 0);
        CHECK(Wish::of(registry(), Name) == nullptr);
        CHECK_EQUAL(::setrlimit(RLIMIT_NOFILE, &before), 0);
        CHECK(wishFiles().empty());
        const std::shared_ptr<Wish> wish = Wish::of(registry(), Name);
        CHECK(wishedNames() == Names({Name}));
    });
    CHECK_EQUAL(suite::folder().files()->size(), 2U + (suite::HasByteLocks ? 0U : 1U)); // "." and "..", and ".lock"
#else
    check::skip("Windows has no such limits");
#endif
}

#ifdef __linux__

/// In a file system of 16 KiB. @returns 0 when the contract holds.
int wishInFullFileSystem()
{
    if (unshare(CLONE_NEWNS) == -1 && unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1)
        return childprocess::NotAllowed;
    const std::string &path = suite::folder().path();
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || mount("tmpfs", path.c_str(), "tmpfs", 0, "size=16k,mode=0700") != 0)
        return childprocess::NotAllowed;
    const std::string filler = suite::folder().pathOf("filler");
    std::ofstream(filler) << std::string(20000, 'x');
    if (Wish::of(registry(), Name) || !wishFiles().empty())
        return 1;
    fs::remove(filler);
    const std::shared_ptr<Wish> wish = Wish::of(registry(), Name);
    return wish && wishedNames() == Names({Name}) ? 0 : 2;
}

#endif

void fullFileSystem()
{
#ifdef __linux__
    const int code = childprocess::inChild(&wishInFullFileSystem);
    if (code == childprocess::NotAllowed)
        check::skip("this process may not mount a file system");
    else
        CHECK_EQUAL(code, 0);
#else
    check::skip("a test of Linux");
#endif
}

void whileOpen()
{
    ChildProcess owner;
    REQUIRE(CHECK_EQUAL(owner.request("own " + Name), "ok"));
    std::size_t descriptors = 0;
    {
        Result<std::shared_ptr<Segment>> first = openSegment(registry(), Name, os::Access::ReadOnly);
        REQUIRE(CHECK_OK(first));
        CHECK(wishedNames() == Names({Name}));
        // A second opening shares it.
        Result<std::shared_ptr<Segment>> second = openSegment(registry(), Name, os::Access::ReadOnly);
        REQUIRE(CHECK_OK(second));
        CHECK_EQUAL(wishFiles().size(), 1U);
        first->reset();
        CHECK(wishedNames() == Names({Name}));
        descriptors = suite::openDescriptors();
    }
    CHECK(wishFiles().empty());
    // Neither its owner nor the reader of another name wishes.
    {
        ChildProcess other;
        REQUIRE(CHECK_EQUAL(other.request("own boiler"), "ok"));
        const Result<std::shared_ptr<Segment>> plain = openSegment(registry(), "boiler", os::Access::ReadOnly);
        REQUIRE(CHECK_OK(plain));
        CHECK(wishFiles().empty());
        if (!suite::IsWindows) // There the child itself costs handles, of a number that varies.
            CHECK_EQUAL(suite::openDescriptors(), descriptors - 1 + 2); // no wish, the two pipes of the child
    }
    const Result<CreatedSegment> own = createValues("@host/own", Kind::FixedArray, 4);
    REQUIRE(CHECK_OK(own));
    const Result<std::shared_ptr<Segment>> shared = openSegment(registry(), "@host/own", os::Access::ReadOnly);
    CHECK(shared && wishFiles().empty());
    // An attempt that fails leaves none.
    CHECK_ERROR(openSegment(registry(), "@host/missing", os::Access::ReadOnly), ErrorCode::NotFound);
    CHECK(wishFiles().empty());
}

void whileWaiting()
{
    ChildProcess reader;
    reader.send("await " + Name + " 20000");
    CHECK(becomeWished({Name}));
    {
        ChildProcess owner;
        REQUIRE(CHECK_EQUAL(owner.request("own " + Name), "ok"));
        CHECK_EQUAL(reader.line(), std::optional<std::string>("ok"));
        CHECK(wishedNames() == Names({Name}));
        CHECK_EQUAL(wishFiles().size(), 1U);
    }
    // The owner is gone, and the segment is still open.
    CHECK(wishedNames() == Names({Name}));
    CHECK_EQUAL(reader.request("close"), "ok");
    CHECK(wishedNames().empty());
    // A wait without effect, one of no length, and one that is killed.
    CHECK_EQUAL(reader.request("await " + Name + " 1"), "NotFound");
    CHECK(wishFiles().empty());
    CHECK_ERROR(await(Name, std::chrono::milliseconds(0)), ErrorCode::NotFound);
    CHECK(wishFiles().empty());
    reader.send("await " + Name + " 20000");
    CHECK(becomeWished({Name}));
    reader.kill();
    CHECK(reader.wait().has_value());
    CHECK(wishedNames().empty());
    // Waiting for a name of this host makes no file at all.
    Result<os::PathWatch> watch = os::PathWatch::start();
    if (!watch) {
        check::skip("no watch on the folder");
        return;
    }
    CHECK_OK(watch->watch(suite::folder().path(), os::placesOf(suite::folder().path())));
    watch->take();
    CHECK_ERROR(await("kettle", std::chrono::milliseconds(20)), ErrorCode::NotFound);
    CHECK(!suite::isReadable(watch->native()));
    CHECK_ERROR(await(Name, std::chrono::milliseconds(20)), ErrorCode::NotFound);
    CHECK(suite::isReadable(watch->native()));
    CHECK(watch->take().inWishes);
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"fileNames", &fileNames},
                          {"made", &made},
                          {"ofMirrorsAlone", &ofMirrorsAlone},
                          {"withoutFolder", &withoutFolder},
                          {"removedByOthers", &removedByOthers},
                          {"killed", &killed},
                          {"forked", &forked},
                          {"besideASweeper", &besideASweeper},
                          {"leftOvers", &leftOvers},
                          {"withoutResources", &withoutResources},
                          {"fullFileSystem", &fullFileSystem},
                          {"whileOpen", &whileOpen},
                          {"whileWaiting", &whileWaiting},
                      },
                      &answer);
}
