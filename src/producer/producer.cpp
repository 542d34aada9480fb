// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "producer.h"

#include "../segment/segment.h"

#include <utility>

namespace sharedsegment {

static_assert(int(ProducerError::InvalidValue) == int(ErrorCode::InvalidValue));
static_assert(int(ProducerBackend::Win32) == int(os::Backend::Win32));

struct RawProducer::Writer::Data
{
    segment::ScopedWriteTransaction transaction;
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

std::optional<std::uint64_t> RawProducer::Writer::publish()
{
    m_bytes = {};
    const std::unique_ptr<Data> data = std::move(d);
    return data ? data->transaction.publish() : std::nullopt;
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
    std::shared_ptr<segment::Segment> segment;
    std::unique_ptr<segment::Ownership> ownership;
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

    bool create(const Result<segment::Layout> &layout, std::uint64_t length, const ProducerOptions &options)
    {
        if (segment)
            return fail({ErrorCode::InvalidState, "\"" + name + "\" is open already; close it first"});
        if (!layout)
            return fail(layout.error());
        segment::CreateOptions wanted;
        wanted.backend = static_cast<os::Backend>(options.backend);
        wanted.length = length;
        wanted.bufferCount = options.bufferCount;
        wanted.multipleWriters = options.multipleWriters;
        Result<segment::Segment::Created> created = segment::Segment::create(name, *layout, wanted);
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

bool RawProducer::create(std::string_view layout, std::uint64_t length, const ProducerOptions &options)
{
    return d->create(segment::Layout::parse(layout), length, options);
}

bool RawProducer::create(const TypeDescription &layout, std::uint64_t length, const ProducerOptions &options)
{
    return d->create(segment::Layout::make(layout), length, options);
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

std::uint64_t RawProducer::length() const
{
    return d->segment ? d->segment->geometry().elementCount : 0;
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
    const Result<std::uint64_t> revision = d->segment->publish(bytes, wait);
    return revision ? d->succeed() : d->fail(revision.error());
}

RawProducer::Writer RawProducer::write(std::chrono::milliseconds wait)
{
    Writer writer;
    if (!d->isReady())
        return writer;
    Result<segment::WriteTransaction> transaction = d->segment->beginWrite(wait);
    if (!transaction) {
        d->fail(transaction.error());
        return writer;
    }
    d->succeed();
    writer.m_bytes = transaction->bytes();
    writer.d =
        std::unique_ptr<Writer::Data>(new Writer::Data{segment::ScopedWriteTransaction(std::move(*transaction))});
    return writer;
}

std::optional<std::uint64_t> RawProducer::read(std::span<std::byte> to)
{
    if (!d->isReady())
        return std::nullopt;
    if (to.size() > size()) {
        d->fail({ErrorCode::InvalidSize, "\"" + d->name + "\" has " + d->segment->amount(size()) + ", not "
                                             + d->segment->amount(to.size()) + "; read what lies within it"});
        return std::nullopt;
    }
    segment::RevisionInfo info;
    Error why;
    if (!d->segment->read(to, 0, &info, &why)) {
        d->fail(std::move(why));
        return std::nullopt;
    }
    d->succeed();
    return info.number;
}

ProducerError RawProducer::error() const
{
    return static_cast<ProducerError>(d->error.code);
}

const std::string &RawProducer::errorString() const
{
    return d->error.text;
}

} // namespace sharedsegment
