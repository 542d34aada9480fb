// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sharedstreamreader.h"

#include "../engine/errors.h"
#include "../engine/expectation.h"
#include "../engine/ringbuffer.h"
#include "memorycheck_p.h"
#include "revisionof_p.h"
#include "sharedsegment_p.h"
#include "sharedstreamreader_p.h"

#include <algorithm>
#include <array>
#include <string>

using sharedsegment::ErrorCode;
using sharedsegment::Status;
namespace engine = sharedsegment::engine;
namespace errors = sharedsegment::engine::errors;

Status SharedStreamReaderPrivate::follow()
{
    if (!m_segment)
        return errors::notOpen();
    const SharedSegmentPrivate *const segment = m_segment->d_func();
    if (m_changes != 0 && m_changes == segment->segmentChanges())
        return {};
    const SharedSegmentPrivate::Opening opening = segment->opening();
    if (!opening.segment)
        return errors::notOpen();
    static constexpr std::array Streams{engine::Kind::Stream};
    if (!opening.segment->content().ringBuffer())
        return engine::checkExpectation(*opening.segment, {}, 0, Streams);
    if (opening.number != m_opening)
        start(opening);
    else if (opening.segment != m_reader.segment())
        m_reader.follow(opening.segment);
    m_changes = opening.changes;
    return {};
}

void SharedStreamReaderPrivate::start(const SharedSegmentPrivate::Opening &opening)
{
    m_opening = opening.number;
    m_reader = engine::StreamReader(opening.segment);
    if (m_awaited)
        m_reader.seek(*m_awaited);
    else if (m_start == SharedStreamReader::Oldest)
        m_reader.seekToOldest();
    else // What was appended since then is new.
        m_reader.seek(opening.revision);
    m_awaited.reset();
}

void SharedStreamReaderPrivate::report(const Status &status) const
{
    if (!m_segment)
        return;
    if (status)
        m_segment->d_func()->clearError();
    else
        m_segment->d_func()->reportRead(status.error());
}

qsizetype SharedStreamReaderPrivate::read(std::span<std::byte> to, SharedRevision *revision)
{
    const sharedsegment::RevisionInfo info = m_reader.read(to);
    if (revision)
        *revision = revisionOf(info);
    return static_cast<qsizetype>(info.count);
}

qint64 SharedStreamReaderPrivate::timeOf(const SharedRevision &read) const
{
    return read.timestamp != 0 ? read.timestamp : m_reader.segment()->content().ringBuffer()->timestamp();
}

SharedStreamReader::SharedStreamReader(SharedSegment *segment)
    : d(std::make_unique<SharedStreamReaderPrivate>())
{
    d->m_segment = segment;
    if (d->follow())
        d->m_reader.seekToNewest();
}

SharedStreamReader::~SharedStreamReader() = default;

SharedSegment *SharedStreamReader::segment() const
{
    return d->m_segment;
}

void SharedStreamReader::seek(Start start)
{
    d->m_start = start;
    d->m_awaited.reset();
    if (!d->follow())
        return;
    if (start == Oldest)
        d->m_reader.seekToOldest();
    else
        d->m_reader.seekToNewest();
}

void SharedStreamReader::seek(quint64 position)
{
    if (d->follow())
        d->m_reader.seek(position);
    else
        d->m_awaited = position;
}

quint64 SharedStreamReader::position() const
{
    static_cast<void>(d->follow());
    return d->m_reader.position();
}

quint64 SharedStreamReader::available() const
{
    return d->follow() ? d->m_reader.available() : 0;
}

quint64 SharedStreamReader::lost() const
{
    static_cast<void>(d->follow());
    return d->m_reader.lost();
}

bool SharedStreamReader::hasMemoryFor(qint64 bytes)
{
    if (::hasMemoryFor(bytes))
        return true;
    d->report(sharedsegment::Error{ErrorCode::OutOfMemory, "there is no memory for " + std::to_string(bytes)
                                                               + " bytes of new elements; read fewer at once"});
    return false;
}

QByteArray SharedStreamReader::readNew(qsizetype most, SharedRevision *revision)
{
    if (const Status followed = d->follow(); !followed) {
        d->report(followed);
        return QByteArray();
    }
    const quint64 available = d->m_reader.available();
    const auto count = static_cast<qint64>(most < 0 ? available : std::min(available, static_cast<quint64>(most)));
    if (!hasMemoryFor(count * d->elementSize()))
        return QByteArray();
    QByteArray bytes(static_cast<qsizetype>(count * d->elementSize()), Qt::Uninitialized);
    const std::span<char> space(bytes.data(), static_cast<std::size_t>(bytes.size()));
    bytes.truncate(static_cast<qsizetype>(d->read(std::as_writable_bytes(space), revision) * d->elementSize()));
    d->report({});
    return bytes;
}

qsizetype SharedStreamReader::read(std::span<std::byte> destination, SharedRevision *revision)
{
    const Status followed = d->follow();
    d->report(followed);
    return followed ? d->read(destination, revision) : 0;
}
