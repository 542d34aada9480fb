// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment_p.h"

#include "../engine/writetransaction.h"

#include <utility>

using sharedsegment::Result;

struct SharedWriter::Data
{
    sharedsegment::engine::WriteTransaction transaction;
};

SharedWriter SharedSegmentPrivate::beginWrite(std::chrono::milliseconds wait)
{
    SharedWriter writer;
    if (const sharedsegment::Error error = whyNotWritable(); failed(error)) {
        fail(error);
        return writer;
    }
    Result<sharedsegment::engine::WriteTransaction> transaction =
        sharedsegment::engine::WriteTransaction::begin(*m_segment, wait);
    if (!transaction) {
        fail(transaction.error());
        return writer;
    }
    clearError();
    writer.m_bytes = transaction->bytes();
    writer.d = std::unique_ptr<SharedWriter::Data>(new SharedWriter::Data{*std::move(transaction)});
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
