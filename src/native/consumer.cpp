// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "consumer.h"

#include "../engine/errors.h"
#include "opening.h"

#include <array>
#include <utility>

namespace sharedsegment {

struct RawConsumer::Data : Opening
{
    using Opening::Opening;
};

namespace {

constexpr std::array Arrays{engine::Kind::FixedArray, engine::Kind::VariableArray};

} // namespace

RawConsumer::RawConsumer(std::string name)
    : d(std::make_unique<Data>(std::move(name)))
{
}

RawConsumer::RawConsumer(RawConsumer &&other) noexcept
    : d(std::exchange(other.d, std::make_unique<Data>(std::string())))
{
}

RawConsumer &RawConsumer::operator=(RawConsumer &&other) noexcept
{
    if (this != &other)
        d = std::exchange(other.d, std::make_unique<Data>(std::string()));
    return *this;
}

RawConsumer::~RawConsumer() = default;

const std::string &RawConsumer::name() const
{
    return d->name();
}

bool RawConsumer::open(std::string_view layout, std::uint64_t capacity)
{
    return d->open(parseExpected(layout), capacity, Arrays);
}

bool RawConsumer::open(const TypeDescription &layout, std::uint64_t capacity)
{
    return d->open(engine::Layout::make(layout), capacity, Arrays);
}

bool RawConsumer::waitForOpened(Deadline deadline, std::string_view layout, std::uint64_t capacity)
{
    return d->open(parseExpected(layout), capacity, Arrays, deadline);
}

bool RawConsumer::waitForOpened(Deadline deadline, const TypeDescription &layout, std::uint64_t capacity)
{
    return d->open(engine::Layout::make(layout), capacity, Arrays, deadline);
}

void RawConsumer::close()
{
    d->close();
}

bool RawConsumer::isOpen() const
{
    return d->segment() != nullptr;
}

bool RawConsumer::hasOwner() const
{
    return d->segment() && d->segment()->owner().isAlive();
}

Source RawConsumer::source() const
{
    return d->segment() ? d->segment()->owner().source() : Source::Here;
}

std::string RawConsumer::layout() const
{
    return d->segment() ? d->segment()->layout()->text() : std::string();
}

std::uint64_t RawConsumer::capacity() const
{
    return d->segment() ? d->segment()->geometry().capacity : 0;
}

std::string RawConsumer::metadata() const
{
    return d->segment() ? d->segment()->view().metadata : std::string();
}

std::uint64_t RawConsumer::size() const
{
    return d->segment() ? d->segment()->geometry().payloadSize : 0;
}

std::uint64_t RawConsumer::revision() const
{
    return d->segment() ? d->segment()->revision() : 0;
}

std::optional<RevisionInfo> RawConsumer::read(std::span<std::byte> to, std::uint64_t offset)
{
    RevisionInfo info;
    const Status read = d->segment() ? d->segment()->readWithin(to, offset, &info) : engine::errors::notOpen();
    if (!read) {
        d->fail(read.error());
        return std::nullopt;
    }
    d->succeed();
    return info;
}

bool RawConsumer::waitForUpdated(std::uint64_t since, Deadline deadline)
{
    return d->waitForUpdated(since, deadline);
}

std::intptr_t RawConsumer::updateDescriptor()
{
    return d->updateDescriptor().value_or(-1);
}

ErrorCode RawConsumer::error() const
{
    return d->error().code;
}

const std::string &RawConsumer::errorString() const
{
    return d->error().text;
}

} // namespace sharedsegment
