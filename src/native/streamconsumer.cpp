// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "streamconsumer.h"

#include "../engine/errors.h"
#include "../engine/memorycheck.h"
#include "../engine/streamreader.h"
#include "opening.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sharedsegment {

struct RawStreamConsumer::Data : Opening
{
    using Opening::Opening;

    engine::StreamReader reader;

    bool openStream(const Result<engine::Layout> &layout, std::uint64_t capacity, Deadline deadline = Deadline::min())
    {
        static constexpr std::array Streams{engine::Kind::Stream};
        if (!open(layout, capacity, Streams, deadline))
            return false;
        reader = engine::StreamReader(segment());
        return true;
    }
};

RawStreamConsumer::RawStreamConsumer(std::string name)
    : d(std::make_unique<Data>(std::move(name)))
{
}

RawStreamConsumer::RawStreamConsumer(RawStreamConsumer &&other) noexcept
    : d(std::exchange(other.d, std::make_unique<Data>(std::string())))
{
}

RawStreamConsumer &RawStreamConsumer::operator=(RawStreamConsumer &&other) noexcept
{
    if (this != &other)
        d = std::exchange(other.d, std::make_unique<Data>(std::string()));
    return *this;
}

RawStreamConsumer::~RawStreamConsumer() = default;

const std::string &RawStreamConsumer::name() const
{
    return d->name();
}

bool RawStreamConsumer::open(std::string_view layout, std::uint64_t capacity)
{
    return d->openStream(parseExpected(layout), capacity);
}

bool RawStreamConsumer::open(const TypeDescription &layout, std::uint64_t capacity)
{
    return d->openStream(engine::Layout::make(layout), capacity);
}

bool RawStreamConsumer::waitForOpened(Deadline deadline, std::string_view layout, std::uint64_t capacity)
{
    return d->openStream(parseExpected(layout), capacity, deadline);
}

bool RawStreamConsumer::waitForOpened(Deadline deadline, const TypeDescription &layout, std::uint64_t capacity)
{
    return d->openStream(engine::Layout::make(layout), capacity, deadline);
}

void RawStreamConsumer::close()
{
    d->reader = engine::StreamReader();
    d->close();
}

bool RawStreamConsumer::isOpen() const
{
    return d->segment() != nullptr;
}

bool RawStreamConsumer::hasOwner() const
{
    return d->segment() && d->segment()->owner().isAlive();
}

Source RawStreamConsumer::source() const
{
    return d->segment() ? d->segment()->owner().source() : Source::Here;
}

std::string RawStreamConsumer::layout() const
{
    return d->segment() ? d->segment()->layout()->text() : std::string();
}

std::uint64_t RawStreamConsumer::capacity() const
{
    return d->segment() ? d->segment()->geometry().capacity : 0;
}

std::size_t RawStreamConsumer::elementSize() const
{
    return d->segment() ? static_cast<std::size_t>(d->segment()->layout()->elementSize()) : 0;
}

std::uint64_t RawStreamConsumer::newest() const
{
    return d->segment() ? d->segment()->revision() : 0;
}

std::string RawStreamConsumer::metadata() const
{
    return d->segment() ? d->segment()->view().metadata : std::string();
}

std::uint64_t RawStreamConsumer::position() const
{
    return d->reader.position();
}

std::uint64_t RawStreamConsumer::available() const
{
    return d->reader.available();
}

std::uint64_t RawStreamConsumer::lost() const
{
    return d->reader.lost();
}

void RawStreamConsumer::seekToNewest()
{
    d->reader.seekToNewest();
}

void RawStreamConsumer::seekToOldest()
{
    d->reader.seekToOldest();
}

void RawStreamConsumer::seek(std::uint64_t position)
{
    d->reader.seek(position);
}

std::optional<RevisionInfo> RawStreamConsumer::read(std::span<std::byte> to)
{
    if (!d->segment()) {
        d->fail(engine::errors::notOpen());
        return std::nullopt;
    }
    if (Status whole = d->segment()->content().checkSize(to.size()); !whole) {
        d->fail(whole.error());
        return std::nullopt;
    }
    d->succeed();
    return d->reader.read(to);
}

std::optional<std::size_t> RawStreamConsumer::countToRead(std::size_t most)
{
    if (!d->segment()) {
        d->fail(engine::errors::notOpen());
        return std::nullopt;
    }
    const std::uint64_t count = std::min<std::uint64_t>(most, available());
    if (!engine::hasMemoryFor(static_cast<std::int64_t>(count), static_cast<std::int64_t>(elementSize()))) {
        d->fail({ErrorCode::OutOfMemory, "there is no memory for " + std::to_string(count) + " new elements of \""
                                             + name() + "\"; read fewer at once"});
        return std::nullopt;
    }
    return static_cast<std::size_t>(count);
}

bool RawStreamConsumer::waitForUpdated(Deadline deadline)
{
    return d->waitForUpdated(position(), deadline);
}

std::intptr_t RawStreamConsumer::updateDescriptor()
{
    return d->updateDescriptor().value_or(-1);
}

ErrorCode RawStreamConsumer::error() const
{
    return d->error().code;
}

const std::string &RawStreamConsumer::errorString() const
{
    return d->error().text;
}

} // namespace sharedsegment
