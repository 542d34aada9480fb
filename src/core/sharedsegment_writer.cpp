// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Write transactions of the Qt API.

#include "sharedsegment_p.h"

#include "../engine/writetransaction.h"

#include <QtCore/QPointer>

#include <limits>
#include <string>
#include <utility>

using sharedsegment::ErrorCode;
using sharedsegment::Result;
using sharedsegment::Status;
namespace engine = sharedsegment::engine;

struct SharedWriter::Data
{
    Data(SharedSegment *segment, SharedSegmentPrivate *segmentPrivate)
        : guard(segment)
        , object(segmentPrivate)
    {
    }

    engine::WriteTransaction transaction;
    QPointer<SharedSegment> guard; ///< the object that gets the errors, if it still exists
    SharedSegmentPrivate *object;

    bool fail(const sharedsegment::Error &error) const { return guard && object->fail(error); }
    void succeed() const
    {
        if (guard)
            object->clearError();
    }
};

SharedWriter SharedSegmentPrivate::beginWrite(sharedsegment::os::Wait wait)
{
    Q_Q(SharedSegment);
    SharedWriter writer;
    if (!isWritable()) {
        fail(whyNotWritable());
        return writer;
    }
    auto data = std::make_unique<SharedWriter::Data>(q, this);
    for (;;) {
        const Status begun = data->transaction.begin(*m_segment, wait);
        if (begun)
            break;
        if (!mayWriteAgain(begun.error()))
            return writer;
    }
    clearError();
    writer.m_bytes = data->transaction.bytes();
    writer.d = std::move(data);
    return writer;
}

SharedWriter::SharedWriter() = default;

SharedWriter::SharedWriter(SharedWriter &&other) noexcept
    : d(std::move(other.d))
    , m_bytes(std::exchange(other.m_bytes, {}))
{
}

SharedWriter &SharedWriter::operator=(SharedWriter &&other) noexcept
{
    d = std::move(other.d); // Publishes the own transaction.
    m_bytes = std::exchange(other.m_bytes, {});
    return *this;
}

SharedWriter::~SharedWriter() = default;

bool SharedWriter::resize(qint64 count)
{
    if (!d)
        return false;
    const qint64 elementSize = d->transaction.segment()->layout()->elementSize();
    if (count < 0 || count > std::numeric_limits<qint64>::max() / elementSize)
        return d->fail(
            {ErrorCode::InvalidSize, "a revision of " + std::to_string(count)
                                         + " elements is not possible; give a number from 0 to the capacity"});
    if (const Status resized = d->transaction.resize(static_cast<std::size_t>(count * elementSize)); !resized)
        return d->fail(resized.error());
    m_bytes = d->transaction.bytes();
    d->succeed();
    return true;
}

std::optional<quint64> SharedWriter::publish()
{
    m_bytes = {};
    const std::unique_ptr<Data> data = std::move(d);
    if (!data)
        return std::nullopt;
    const Result<std::uint64_t> revision = data->transaction.publish();
    if (!revision) {
        data->fail(revision.error());
        return std::nullopt;
    }
    data->succeed();
    return *revision;
}

void SharedWriter::discard()
{
    m_bytes = {};
    if (const std::unique_ptr<Data> data = std::move(d))
        data->transaction.discard();
}
