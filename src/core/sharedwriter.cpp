// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment_p.h"

#include <utility>

using sharedsegment::Result;

struct SharedWriter::Data
{
    sharedsegment::segment::ScopedDraft draft;
};

SharedWriter SharedSegmentPrivate::startWriting(std::chrono::milliseconds wait)
{
    SharedWriter writer;
    if (const sharedsegment::Error error = whyNotWritable(); failed(error)) {
        fail(error);
        return writer;
    }
    Result<sharedsegment::segment::Draft> draft = m_segment->startRevision(wait);
    if (!draft) {
        fail(draft.error());
        return writer;
    }
    clearError();
    writer.m_bytes = draft->bytes();
    writer.d = std::unique_ptr<SharedWriter::Data>(
        new SharedWriter::Data{sharedsegment::segment::ScopedDraft(std::move(*draft))});
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
    d = std::move(other.d); // What there was is published.
    m_bytes = std::exchange(other.m_bytes, {});
    return *this;
}

SharedWriter::~SharedWriter() = default;

std::optional<quint64> SharedWriter::publish()
{
    m_bytes = {};
    const std::unique_ptr<Data> data = std::move(d);
    return data ? data->draft.publish() : std::nullopt;
}

void SharedWriter::discard()
{
    m_bytes = {};
    if (const std::unique_ptr<Data> data = std::move(d))
        data->draft.discard();
}
