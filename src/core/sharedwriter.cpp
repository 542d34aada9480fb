// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment_p.h"

#include <utility>

using sharedsegment::Result;

struct SharedWriter::Data
{
    sharedsegment::segment::ScopedWriteTransaction transaction;
};

SharedWriter SharedSegmentPrivate::beginWrite(std::chrono::milliseconds wait)
{
    SharedWriter writer;
    if (const sharedsegment::Error error = whyNotWritable(); failed(error)) {
        fail(error);
        return writer;
    }
    Result<sharedsegment::segment::WriteTransaction> transaction = m_segment->beginWrite(wait);
    if (!transaction) {
        fail(transaction.error());
        return writer;
    }
    clearError();
    writer.m_bytes = transaction->bytes();
    writer.d = std::unique_ptr<SharedWriter::Data>(
        new SharedWriter::Data{sharedsegment::segment::ScopedWriteTransaction(std::move(*transaction))});
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

std::optional<quint64> SharedWriter::publish()
{
    m_bytes = {};
    const std::unique_ptr<Data> data = std::move(d);
    return data ? data->transaction.publish() : std::nullopt;
}

void SharedWriter::discard()
{
    m_bytes = {};
    if (const std::unique_ptr<Data> data = std::move(d))
        data->transaction.discard();
}
