// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "awaitname.h"

#include "../os/handlegroup.h"
#include "../os/pathwatch.h"
#include "pollbackoff.h"
#include "wish.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace sharedsegment::engine {

namespace {

constexpr std::chrono::seconds LongestWait{1};
constexpr std::chrono::milliseconds LongestPoll{100};

/// Whether an attempt that failed like this can succeed later.
bool canPass(ErrorCode code)
{
    switch (code) {
    case ErrorCode::AlreadyExists:
    case ErrorCode::NotFound:
    case ErrorCode::Busy:
    case ErrorCode::OutOfMemory:
    case ErrorCode::SystemError:
        return true;
    default:
        return false;
    }
}

} // namespace

Status awaitName(const Registry &registry, const std::string &name, const std::function<Status()> &attempt,
                 Deadline deadline)
{
    Result<os::PathWatch> watch = os::PathWatch::start();
    PollBackoff interval;
    std::shared_ptr<Wish> wish;
    for (;;) {
        const bool isWatched = watch && watch->watch(registry.path(), os::placesOf(registry.path()));
        Status done = attempt();
        if (done || !canPass(done.error().code) || hasExpired(deadline))
            return done;
        if (done.error().code == ErrorCode::NotFound)
            wish = Wish::of(registry, name);
        OwnerWatch owner;
        if (done.error().code == ErrorCode::AlreadyExists) {
            if (Result<OwnerWatch> present = registry.watchOwnerOf(name))
                owner = *std::move(present);
        }
        const bool isNotified = isWatched && !name.empty()
                             && (done.error().code == ErrorCode::NotFound || owner.isActive());
        std::vector<os::Handle::Native> handles;
        if (isNotified)
            handles.push_back(watch->native());
        if (isNotified && owner.isActive())
            handles.push_back(owner.native());
        const std::chrono::nanoseconds most =
            isNotified ? LongestWait : std::min(LongestPoll, std::chrono::milliseconds(interval.next()));
        os::waitForAny(handles, timeLeft(deadline, most));
        if (isWatched)
            watch->take();
        static_cast<void>(owner.hasEnded()); // Marks the instance as ended for the next lookup.
    }
}

} // namespace sharedsegment::engine
