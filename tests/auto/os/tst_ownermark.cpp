// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/ownermark.h.

#include "suite.h"

#include "os/handlegroup.h"
#include "os/ownermark.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#ifndef _WIN32
#include "forked.h"

#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#endif

using namespace sharedsegment;
using namespace sharedsegment::os;
using suite::becomesReadable;
using suite::ChildProcess;
using suite::folder;
using suite::isReadable;
using suite::Words;

namespace {

std::string freshName()
{
    return '.' + suite::freshInstance() + ".owner";
}

bool exists(const std::string &path)
{
    return std::filesystem::symlink_status(path).type() != std::filesystem::file_type::not_found;
}

bool isSilent(const ProcessWatch &watch)
{
    const Handle::Native handles[] = {watch.native()};
    return waitForAny(handles, suite::Moment) == -1;
}

/// The child: an owner with a mark.
std::string answer(const Words &words)
{
    static std::optional<OwnerMark> mark;
    if (words[0] == "create" && words.size() == 2) {
        Result<OwnerMark> created = OwnerMark::create(folder().pathOf(words[1]));
        const std::string word = suite::wordOf(created);
        if (created)
            mark = *std::move(created);
        return word;
    }
    if (words[0] == "remove" && mark) {
        mark->remove();
        return "ok";
    }
    if (words[0] == "execute")
        ChildProcess::execute();
#ifndef _WIN32
    if (words[0] == "fork")
        return std::to_string(suite::forkIdle(&fork));
#endif
    return "unknown command";
}

/// A child with a mark, and the watch on it.
struct Owner
{
    std::string name = freshName();
    std::string path = folder().pathOf(name);
    ChildProcess child;
    std::optional<ProcessWatch> watch;

    Owner()
    {
        CHECK_EQUAL(child.request("create " + name), "ok");
        Result<ProcessWatch> started = OwnerMark::watch(path);
        if (CHECK_OK(started))
            watch = *std::move(started);
    }
};

void ends(const std::function<void(Owner &)> &end, bool isPathLeft)
{
    Owner owner;
    REQUIRE(owner.watch.has_value());
    CHECK(owner.watch->isActive());
    CHECK(isSilent(*owner.watch));
    end(owner);
    CHECK(becomesReadable(owner.watch->native()));
    CHECK(owner.watch->hasEnded());
    CHECK(isReadable(owner.watch->native())); // It stays readable.
    CHECK(owner.watch->hasEnded());
    CHECK_EQUAL(exists(owner.path), isPathLeft);
    CHECK_ERROR(OwnerMark::watch(owner.path), isPathLeft ? ErrorCode::NotFound : ErrorCode::Unsupported);
}

void allEnds()
{
    ends([](Owner &owner) { owner.child.kill(); }, true);
    ends([](Owner &owner) { CHECK_EQUAL(owner.child.request("execute"), "ready"); }, true);
    ends([](Owner &owner) { CHECK_EQUAL(owner.child.request("remove"), "ok"); }, false);
    ends([](Owner &owner) { owner.child.closeInput(); }, false);
}

void forkedChildren()
{
#ifndef _WIN32
    // A child of the owner does not hold the mark.
    Owner owner;
    REQUIRE(owner.watch.has_value());
    const pid_t forked = std::stoi(owner.child.request("fork"));
    REQUIRE(CHECK_LESS(0, forked));
    CHECK(isSilent(*owner.watch));
    owner.child.kill();
    CHECK(becomesReadable(owner.watch->native()));
    CHECK(owner.watch->hasEnded());
    CHECK_EQUAL(kill(forked, 0), 0);
    kill(forked, SIGKILL);

    // And its end, or a removal there, has no effect.
    const std::string path = folder().pathOf(freshName());
    Result<OwnerMark> mark = OwnerMark::create(path);
    REQUIRE(CHECK_OK(mark));
    const Result<ProcessWatch> watch = OwnerMark::watch(path);
    REQUIRE(CHECK_OK(watch));
    CHECK_EQUAL(childprocess::inChild([&] {
                    mark->remove();
                    return 0;
                }),
                0);
    CHECK(isSilent(*watch));
    CHECK(exists(path));
    mark->remove();
    CHECK(becomesReadable(watch->native()));
    CHECK(!exists(path));
#endif
}

void bytesOfOthers()
{
#ifndef _WIN32
    Owner owner;
    REQUIRE(owner.watch.has_value());
    const int descriptor = open(owner.path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    CHECK_EQUAL(write(descriptor, "bytes", 5), 5);
    CHECK(becomesReadable(owner.watch->native()));
    CHECK(!owner.watch->hasEnded());
    CHECK(!isReadable(owner.watch->native())); // The bytes are gone.
    // Another writer of the mark ends without effect.
    close(descriptor);
    CHECK(isSilent(*owner.watch));
    CHECK(!owner.watch->hasEnded());
    owner.child.kill();
    CHECK(becomesReadable(owner.watch->native()));
    CHECK(owner.watch->hasEnded());
#endif
}

void otherOwners()
{
    Owner owner;
    REQUIRE(owner.watch.has_value());
    {
        Owner other;
        other.child.kill();
        CHECK(other.child.wait().has_value());
    }
    CHECK(isSilent(*owner.watch));
    CHECK(!owner.watch->hasEnded());
}

void paths()
{
    const std::string path = folder().pathOf(freshName());
    CHECK_ERROR(OwnerMark::watch(path), ErrorCode::Unsupported); // No mark, so watch the process.
    CHECK_ERROR(OwnerMark::create(folder().pathOf("none/mark")), ErrorCode::NotFound);
    std::ofstream(path) << "another file";
    CHECK_ERROR(OwnerMark::create(path), ErrorCode::AlreadyExists);
    CHECK_ERROR(OwnerMark::watch(path), ErrorCode::Unsupported);
    CHECK(exists(path));
    std::filesystem::remove(path);
    {
        const Result<OwnerMark> mark = OwnerMark::create(path);
        CHECK_OK(mark);
        CHECK_OK(OwnerMark::watch(path));
    }
    CHECK(!exists(path));
}

/// On other systems a mark is empty.
void noMarks()
{
    const std::string path = folder().pathOf(freshName());
    Result<OwnerMark> mark = OwnerMark::create(path);
    CHECK_OK(mark);
    CHECK(!exists(path));
    CHECK_ERROR(OwnerMark::watch(path), ErrorCode::Unsupported);
    mark->remove();
}

} // namespace

int main(int argc, char **argv)
{
    if (!suite::HasOwnerMarks)
        return suite::run(argc, argv, {{"no marks", &noMarks}});
    return suite::run(argc, argv,
                      {
                          {"ends", &allEnds},
                          {"forked children", &forkedChildren},
                          {"bytes of others", &bytesOfOthers},
                          {"other owners", &otherOwners},
                          {"paths", &paths},
                      },
                      &answer);
}
