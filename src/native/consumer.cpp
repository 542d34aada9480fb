// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "consumer.h"

#include "../engine/awaitname.h"
#include "../engine/errors.h"
#include "../engine/expectation.h"
#include "../engine/notfound.h"
#include "../engine/opensegment.h"
#include "../engine/updatewaiter.h"

#include <utility>

namespace sharedsegment {

struct RawConsumer::Data
{
    std::string name;
    std::shared_ptr<engine::Segment> segment;
    std::unique_ptr<engine::UpdateWaiter> waiter;
    Error error;

    bool fail(Error why)
    {
        error = std::move(why);
        return false;
    }

    bool succeed()
    {
        error = {};
        return true;
    }

    Status tryOpen(const engine::Registry &registry, const engine::Layout &layout, std::uint64_t capacity)
    {
        Result<std::shared_ptr<engine::Segment>> opened = engine::openSegment(registry, name, os::Access::ReadOnly);
        if (!opened)
            return opened.error();
        if (Status expected = engine::checkExpectation(**opened, layout, capacity); !expected)
            return expected;
        segment = *std::move(opened);
        return {};
    }

    /// @param deadline the past: does not wait
    bool open(const Result<engine::Layout> &layout, std::uint64_t capacity, Deadline deadline)
    {
        if (segment)
            return fail(engine::errors::openAlready(name));
        if (!layout)
            return fail(layout.error());
        const engine::Registry registry = engine::Registry::ofEnvironment();
        const auto attempt = [&] { return tryOpen(registry, *layout, capacity); };
        const Status opened = deadline == Deadline::min() ? attempt()
                                                          : engine::awaitName(registry, name, attempt, deadline);
        if (!opened)
            return fail(opened.error().code == ErrorCode::NotFound ? engine::notFound(registry, name) : opened.error());
        return succeed();
    }

    /// @returns whether the open segment can be waited for; sets the error if not.
    bool prepareToWait()
    {
        if (!segment)
            return fail(engine::errors::notOpen());
        if (!segment->isOfThisProcess())
            return fail(segment->view().notOfThisProcess());
        if (!waiter)
            waiter = std::make_unique<engine::UpdateWaiter>(segment);
        return true;
    }
};

namespace {

/// Text of no layout expects none.
Result<engine::Layout> parseExpected(std::string_view layout)
{
    return layout.empty() ? engine::Layout() : engine::Layout::parse(layout);
}

} // namespace

RawConsumer::RawConsumer(std::string name)
    : d(std::make_unique<Data>())
{
    d->name = std::move(name);
}

RawConsumer::RawConsumer(RawConsumer &&other) noexcept
    : d(std::exchange(other.d, std::make_unique<Data>()))
{
}

RawConsumer &RawConsumer::operator=(RawConsumer &&other) noexcept
{
    if (this != &other)
        d = std::exchange(other.d, std::make_unique<Data>());
    return *this;
}

RawConsumer::~RawConsumer() = default;

const std::string &RawConsumer::name() const
{
    return d->name;
}

bool RawConsumer::open(std::string_view layout, std::uint64_t capacity)
{
    return d->open(parseExpected(layout), capacity, Deadline::min());
}

bool RawConsumer::open(const TypeDescription &layout, std::uint64_t capacity)
{
    return d->open(engine::Layout::make(layout), capacity, Deadline::min());
}

bool RawConsumer::waitForOpened(Deadline deadline, std::string_view layout, std::uint64_t capacity)
{
    return d->open(parseExpected(layout), capacity, deadline);
}

bool RawConsumer::waitForOpened(Deadline deadline, const TypeDescription &layout, std::uint64_t capacity)
{
    return d->open(engine::Layout::make(layout), capacity, deadline);
}

void RawConsumer::close()
{
    d->waiter.reset();
    d->segment.reset();
    d->succeed();
}

bool RawConsumer::isOpen() const
{
    return d->segment != nullptr;
}

bool RawConsumer::hasOwner() const
{
    return d->segment && d->segment->owner().isAlive();
}

std::string RawConsumer::layout() const
{
    return d->segment ? d->segment->layout()->text() : std::string();
}

std::uint64_t RawConsumer::capacity() const
{
    return d->segment ? d->segment->geometry().capacity : 0;
}

std::string RawConsumer::metadata() const
{
    return d->segment ? d->segment->view().metadata : std::string();
}

std::uint64_t RawConsumer::size() const
{
    return d->segment ? d->segment->geometry().payloadSize : 0;
}

std::uint64_t RawConsumer::revision() const
{
    return d->segment ? d->segment->revision() : 0;
}

std::optional<RevisionInfo> RawConsumer::read(std::span<std::byte> to, std::uint64_t offset)
{
    RevisionInfo info;
    const Status read = d->segment ? d->segment->readWithin(to, offset, &info) : engine::errors::notOpen();
    if (!read) {
        d->fail(read.error());
        return std::nullopt;
    }
    d->succeed();
    return info;
}

bool RawConsumer::waitForUpdated(std::uint64_t since, Deadline deadline)
{
    if (!d->prepareToWait())
        return false;
    switch (d->waiter->wait(since, deadline)) {
    case engine::UpdateWaiter::Outcome::Updated:
        return d->succeed();
    case engine::UpdateWaiter::Outcome::TimedOut:
        d->succeed();
        return false;
    case engine::UpdateWaiter::Outcome::OwnerGone:
        break;
    }
    const bool isReplaced = d->segment->owner().isReplaced();
    return d->fail({ErrorCode::NotFound, "the owner of \"" + d->name
                                             + (isReplaced ? "\" has replaced it by another" : "\" is gone")
                                             + "; close the segment and call waitForOpened() for its next one"});
}

std::intptr_t RawConsumer::updateDescriptor()
{
    if (!d->prepareToWait())
        return -1;
    const Result<os::Handle::Native> descriptor = d->waiter->descriptor();
    if (!descriptor) {
        d->fail(descriptor.error());
        return -1;
    }
    d->succeed();
    return *descriptor;
}

ErrorCode RawConsumer::error() const
{
    return d->error.code;
}

const std::string &RawConsumer::errorString() const
{
    return d->error.text;
}

} // namespace sharedsegment
