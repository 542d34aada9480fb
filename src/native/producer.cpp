// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "producer.h"

#include "../engine/append.h"
#include "../engine/createsegment.h"
#include "../engine/errors.h"
#include "../engine/registry.h"
#include "../engine/writetransaction.h"

#include <utility>

namespace sharedsegment {

struct RawProducer::Writer::Data
{
    engine::WriteTransaction transaction;
};

RawProducer::Writer::Writer() = default;

RawProducer::Writer::Writer(Writer &&other) noexcept
    : d(std::move(other.d))
    , m_bytes(std::exchange(other.m_bytes, {}))
{
}

RawProducer::Writer &RawProducer::Writer::operator=(Writer &&other) noexcept
{
    d = std::move(other.d); // Publishes the own transaction.
    m_bytes = std::exchange(other.m_bytes, {});
    return *this;
}

RawProducer::Writer::~Writer() = default;

bool RawProducer::Writer::resize(std::uint64_t count)
{
    if (!d)
        return false;
    const std::uint64_t elementSize = d->transaction.segment()->layout()->elementSize();
    if (count > d->transaction.segment()->geometry().capacity
        || !d->transaction.resize(static_cast<std::size_t>(count * elementSize)))
        return false;
    m_bytes = d->transaction.bytes();
    return true;
}

std::optional<std::uint64_t> RawProducer::Writer::publish()
{
    m_bytes = {};
    const std::unique_ptr<Data> data = std::move(d);
    if (!data)
        return std::nullopt;
    const Result<std::uint64_t> revision = data->transaction.publish();
    return revision ? std::optional(*revision) : std::nullopt;
}

void RawProducer::Writer::discard()
{
    m_bytes = {};
    if (const std::unique_ptr<Data> data = std::move(d))
        data->transaction.discard();
}

struct RawProducer::Data
{
    std::string name;
    std::shared_ptr<engine::Segment> segment;
    std::unique_ptr<engine::Ownership> ownership;
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

    /// @returns whether a segment is open; sets the error if not.
    bool isReady() { return segment || fail({ErrorCode::NotFound, "no segment is open; create one first"}); }

    bool create(engine::Kind kind, const Result<engine::Layout> &layout, std::uint64_t capacity,
                const ProducerOptions &options)
    {
        if (segment)
            return fail(engine::errors::openAlready(name));
        if (!layout)
            return fail(layout.error());
        engine::CreateOptions wanted;
        wanted.kind = kind;
        wanted.metadata = options.metadata;
        wanted.backend = options.backend;
        wanted.capacity = capacity;
        wanted.bufferCount = options.bufferCount;
        wanted.multipleWriters = options.multipleWriters;
        Result<engine::CreatedSegment> created =
            engine::createSegment(engine::Registry::ofEnvironment(), name, *layout, wanted);
        if (!created)
            return fail(created.error());
        segment = std::move(created->segment);
        ownership = std::move(created->ownership);
        return succeed();
    }
};

RawProducer::RawProducer(std::string name)
    : d(std::make_unique<Data>())
{
    d->name = std::move(name);
}

// The moved-from object is a closed one without a name.
RawProducer::RawProducer(RawProducer &&other) noexcept
    : d(std::exchange(other.d, std::make_unique<Data>()))
{
}

RawProducer &RawProducer::operator=(RawProducer &&other) noexcept
{
    if (this != &other)
        d = std::exchange(other.d, std::make_unique<Data>());
    return *this;
}

RawProducer::~RawProducer() = default;

const std::string &RawProducer::name() const
{
    return d->name;
}

bool RawProducer::create(std::string_view layout, std::uint64_t capacity, const ProducerOptions &options)
{
    return d->create(engine::Kind::FixedArray, engine::Layout::parse(layout), capacity, options);
}

bool RawProducer::create(const TypeDescription &layout, std::uint64_t capacity, const ProducerOptions &options)
{
    return d->create(engine::Kind::FixedArray, engine::Layout::make(layout), capacity, options);
}

bool RawProducer::createWithCapacity(std::string_view layout, std::uint64_t capacity, const ProducerOptions &options)
{
    return d->create(engine::Kind::VariableArray, engine::Layout::parse(layout), capacity, options);
}

bool RawProducer::createWithCapacity(const TypeDescription &layout, std::uint64_t capacity,
                                     const ProducerOptions &options)
{
    return d->create(engine::Kind::VariableArray, engine::Layout::make(layout), capacity, options);
}

bool RawProducer::createStream(std::string_view layout, std::uint64_t capacity, const ProducerOptions &options)
{
    return d->create(engine::Kind::Stream, engine::Layout::parse(layout), capacity, options);
}

bool RawProducer::createStream(const TypeDescription &layout, std::uint64_t capacity, const ProducerOptions &options)
{
    return d->create(engine::Kind::Stream, engine::Layout::make(layout), capacity, options);
}

void RawProducer::close()
{
    d->ownership.reset();
    d->segment.reset();
    d->succeed();
}

bool RawProducer::isOpen() const
{
    return d->segment != nullptr;
}

std::string RawProducer::layout() const
{
    return d->segment ? d->segment->layout()->text() : std::string();
}

std::uint64_t RawProducer::capacity() const
{
    return d->segment ? d->segment->geometry().capacity : 0;
}

std::uint64_t RawProducer::size() const
{
    return d->segment ? d->segment->geometry().payloadSize : 0;
}

std::uint64_t RawProducer::revision() const
{
    return d->segment ? d->segment->revision() : 0;
}

int RawProducer::listenerCount() const
{
    return d->segment ? d->segment->listenerCount() : 0;
}

bool RawProducer::publish(std::span<const std::byte> bytes, std::chrono::milliseconds wait)
{
    if (!d->isReady())
        return false;
    const Result<std::uint64_t> revision = engine::publish(*d->segment, bytes, wait);
    return revision ? d->succeed() : d->fail(revision.error());
}

std::optional<std::uint64_t> RawProducer::append(std::span<const std::byte> bytes, std::chrono::milliseconds wait)
{
    if (!d->isReady())
        return std::nullopt;
    const Result<std::uint64_t> position = engine::append(*d->segment, bytes, wait);
    if (!position) {
        d->fail(position.error());
        return std::nullopt;
    }
    d->succeed();
    return *position;
}

RawProducer::Writer RawProducer::beginWrite(std::chrono::milliseconds wait)
{
    Writer writer;
    if (!d->isReady())
        return writer;
    auto data = std::make_unique<Writer::Data>();
    if (const Status begun = data->transaction.begin(*d->segment, wait); !begun) {
        d->fail(begun.error());
        return writer;
    }
    d->succeed();
    writer.m_bytes = data->transaction.bytes();
    writer.d = std::move(data);
    return writer;
}

std::optional<std::uint64_t> RawProducer::read(std::span<std::byte> to)
{
    if (!d->isReady())
        return std::nullopt;
    RevisionInfo info;
    if (Status read = d->segment->readWithin(to, 0, &info); !read) {
        d->fail(read.error());
        return std::nullopt;
    }
    d->succeed();
    return info.number;
}

ProducerError RawProducer::error() const
{
    return d->error.code;
}

const std::string &RawProducer::errorString() const
{
    return d->error.text;
}

} // namespace sharedsegment
