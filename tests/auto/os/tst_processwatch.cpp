// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/processwatch.h.

#include "suite.h"

#include "os/handlegroup.h"
#include "os/processwatch.h"
#include "os/system.h"

#include <limits>
#include <memory>
#include <optional>
#include <utility>

using namespace sharedsegment;
using namespace sharedsegment::os;
using suite::becomesReadable;
using suite::ChildProcess;
using suite::isReadable;
using suite::Words;

namespace {

/// The child: becomes another program on request.
std::string answer(const Words &words)
{
    if (words[0] == "execute")
        ChildProcess::execute();
    return "unknown command";
}

/// Whether nothing is reported for a moment.
bool isSilent(const ProcessWatch &watch)
{
    const Handle::Native handles[] = {watch.native()};
    return waitForAny(handles, suite::Moment) == -1;
}

std::optional<ProcessWatch> watch(std::uint64_t pid)
{
    Result<ProcessWatch> started = ProcessWatch::start(pid);
    return CHECK_OK(started) ? std::optional(*std::move(started)) : std::nullopt;
}

void end()
{
    CHECK(!ProcessWatch().isActive());
    ChildProcess child;
    const std::optional<ProcessWatch> watched = watch(child.pid());
    REQUIRE(watched.has_value());
    CHECK(watched->isActive());
    CHECK(isSilent(*watched));
    child.closeInput();
    CHECK(becomesReadable(watched->native()));
    CHECK(watched->hasEnded());
    CHECK_EQUAL(child.wait(), std::optional(0));
    CHECK(isReadable(watched->native())); // It stays readable.
    CHECK(watched->hasEnded());
}

void killed()
{
    ChildProcess child;
    const std::optional<ProcessWatch> first = watch(child.pid());
    const std::optional<ProcessWatch> second = watch(child.pid());
    REQUIRE(first && second);
    CHECK(isSilent(*first));
    child.kill();
    // Also before the parent collects the child's result.
    CHECK(becomesReadable(first->native()));
    CHECK(becomesReadable(second->native()));
    CHECK(child.wait().has_value());
    CHECK(isReadable(first->native()));
    CHECK(first->hasEnded());
}

void execution()
{
    if (suite::IsWindows) {
        check::skip("Windows has no execve");
        return;
    }
    ChildProcess child;
    const std::optional<ProcessWatch> watched = watch(child.pid());
    REQUIRE(watched.has_value());
    CHECK(isSilent(*watched));
    CHECK_EQUAL(child.request("execute"), "ready");
    if (suite::HasOwnerMarks) {
        CHECK(isSilent(*watched)); // The mark reports that.
        child.kill();
    }
    CHECK(becomesReadable(watched->native()));
    CHECK(watched->hasEnded());
}

void otherProcesses()
{
    ChildProcess child;
    const std::optional<ProcessWatch> watched = watch(child.pid());
    const std::optional<ProcessWatch> own = watch(processId());
    REQUIRE(watched && own);
    {
        ChildProcess other;
        other.kill();
        CHECK(other.wait().has_value());
    }
    CHECK(isSilent(*watched));
    CHECK(!isReadable(own->native()));
}

void missingProcesses()
{
    ChildProcess child;
    child.kill();
    CHECK(child.wait().has_value());
    // On Windows the number lives on as long as a handle of the process.
    if (suite::IsWindows) {
        const Result<ProcessWatch> watched = ProcessWatch::start(child.pid());
        CHECK(!watched || isReadable(watched->native()));
    } else {
        CHECK_ERROR(ProcessWatch::start(child.pid()), ErrorCode::NotFound);
    }
    // A pid in a record is untrusted input: no number may stand for another process.
    constexpr std::uint64_t Span = std::uint64_t(1) << 32;
    for (const std::uint64_t pid : {Span + processId(), std::numeric_limits<std::uint64_t>::max(),
                                    std::uint64_t(std::numeric_limits<std::int32_t>::max()), std::uint64_t(0)})
        if (!CHECK_ERROR(ProcessWatch::start(pid), ErrorCode::NotFound))
            std::fprintf(stderr, "... of pid %s\n", std::to_string(pid).c_str());
}

void closedWatch()
{
    ChildProcess child;
    const std::size_t before = suite::openDescriptors();
    std::optional<ProcessWatch> watched = watch(child.pid());
    REQUIRE(watched.has_value());
    ProcessWatch moved = *std::move(watched);
    watched.reset();
    CHECK(moved.isActive());
    CHECK(!isReadable(moved.native()));
    moved = ProcessWatch();
    CHECK(!moved.isActive());
    // A thread that replaces the system's watch closes its descriptor a moment later.
    const auto end = std::chrono::steady_clock::now() + suite::Deadline;
    while (suite::openDescriptors() > before && std::chrono::steady_clock::now() < end)
        waitForAny({}, std::chrono::milliseconds(1));
    CHECK_EQUAL(suite::openDescriptors(), before);
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"closed watch", &closedWatch},
                          {"end", &end},
                          {"kill", &killed},
                          {"execve", &execution},
                          {"other processes", &otherProcesses},
                          {"missing processes", &missingProcesses},
                      },
                      &answer);
}
