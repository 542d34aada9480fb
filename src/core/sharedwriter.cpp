// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedsegment_p.h"

#include <exception>
#include <utility>

using sharedsegment::Result;

struct SharedWriter::Data
{
    sharedsegment::segment::Draft draft;
    int exceptions = std::uncaught_exceptions();
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
    writer.m_bytes = draft->bytes();
    writer.d = std::unique_ptr<SharedWriter::Data>(new SharedWriter::Data{std::move(*draft)});
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
    if (this != &other) {
        publish();
        d = std::move(other.d);
        m_bytes = std::exchange(other.m_bytes, {});
    }
    return *this;
}

SharedWriter::~SharedWriter()
{
    if (d && std::uncaught_exceptions() > d->exceptions)
        discard();
    else
        publish();
}

std::optional<quint64> SharedWriter::publish()
{
    if (!d)
        return std::nullopt;
    const quint64 revision = d->draft.publish();
    discard();
    return revision == 0 ? std::nullopt : std::optional(revision);
}

void SharedWriter::discard()
{
    d.reset();
    m_bytes = {};
}
