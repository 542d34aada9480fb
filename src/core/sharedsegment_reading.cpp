// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Reading the newest revision, from any thread.

#include "sharedsegment_p.h"

#include "../engine/errors.h"
#include "memorycheck_p.h"
#include "revisionof_p.h"

#include <string>

using sharedsegment::ErrorCode;
using sharedsegment::Status;
namespace errors = sharedsegment::engine::errors;

namespace {

/// Attempts to read a revision into space for as many elements as the newest one had just before.
constexpr int GrowthTries = 3;

sharedsegment::Error noMemoryFor(qint64 bytes)
{
    return {ErrorCode::OutOfMemory,
            "there is no memory for a copy of " + std::to_string(bytes) + " bytes; read a part of it"};
}

/// Converts a revision that was read. `to` may be null. @returns its number.
quint64 assign(const sharedsegment::RevisionInfo &read, SharedRevision *to)
{
    if (to)
        *to = revisionOf(read);
    return read.number;
}

} // namespace

std::optional<quint64> SharedSegment::read(std::span<std::byte> destination, qint64 offset,
                                           SharedRevision *revision) const
{
    Q_D(const SharedSegment);
    sharedsegment::RevisionInfo read;
    if (const Status done = d->read(destination, offset, &read); !done) {
        d->reportRead(done.error());
        return std::nullopt;
    }
    d->clearError();
    return assign(read, revision);
}

std::optional<quint64> SharedSegment::tryRead(std::span<std::byte> destination, qint64 offset,
                                              SharedRevision *revision) const
{
    return d_func()->tryRead(destination, offset, revision);
}

QByteArray SharedSegment::snapshot(SharedRevision *revision) const
{
    QByteArray bytes;
    qint64 size = 0;
    const auto allocate = [](void *list, qint64 wanted) {
        auto *const array = static_cast<QByteArray *>(list);
        *array = QByteArray(static_cast<qsizetype>(wanted), Qt::Uninitialized);
        return std::as_writable_bytes(std::span(array->data(), static_cast<std::size_t>(wanted)));
    };
    if (!readAll(allocate, &bytes, &size, revision))
        return QByteArray();
    bytes.truncate(static_cast<qsizetype>(size));
    return bytes;
}

bool SharedSegment::checkMemory(qint64 bytes) const
{
    if (hasMemoryFor(bytes)) {
        d_func()->clearError();
        return true;
    }
    d_func()->reportRead(noMemoryFor(bytes));
    return false;
}

bool SharedSegment::readAll(Allocate allocate, void *list, qint64 *bytes, SharedRevision *revision) const
{
    Q_D(const SharedSegment);
    if (const Status done = d->readAll(allocate, list, bytes, revision); !done) {
        d->reportRead(done.error());
        return false;
    }
    d->clearError();
    return true;
}

bool SharedSegment::readElement(std::span<std::byte> element, qint64 index) const
{
    Q_D(const SharedSegment);
    if (const Status done = d->readElement(element, index); !done) {
        d->reportRead(done.error());
        return false;
    }
    d->clearError();
    return true;
}

std::span<std::byte> SharedSegment::live() const
{
    Q_D(const SharedSegment);
    if (!d->isOpen())
        return {};
    if (d->m_segment->view().isWritable && !d->m_segment->isOfThisProcess())
        d->reportRead(d->m_segment->view().notOfThisProcess());
    else
        d->clearError();
    return d->m_segment->live();
}

Status SharedSegmentPrivate::read(std::span<std::byte> destination, qint64 offset,
                                  sharedsegment::RevisionInfo *info) const
{
    const SegmentPin segment(*this);
    if (!segment)
        return errors::notOpen();
    if (offset < 0)
        return sharedsegment::Error{ErrorCode::InvalidSize,
                                    "\"" + segment->name() + "\" has nothing before its first element; read from 0 on"};
    return segment->readWithin(destination, static_cast<std::uint64_t>(offset), info);
}

std::optional<quint64> SharedSegmentPrivate::tryRead(std::span<std::byte> destination, qint64 offset,
                                                     SharedRevision *revision) const
{
    const SegmentPin segment(*this);
    sharedsegment::RevisionInfo read;
    if (!segment || offset < 0 || !segment->tryRead(destination, static_cast<std::uint64_t>(offset), &read))
        return std::nullopt;
    return assign(read, revision);
}

Status SharedSegmentPrivate::readAll(SharedSegment::Allocate allocate, void *list, qint64 *bytes,
                                     SharedRevision *revision) const
{
    const SegmentPin segment(*this);
    if (!segment)
        return errors::notOpen();
    const auto whole = static_cast<qint64>(segment->geometry().payloadSize);
    const qint64 elementSize = segment->layout()->elementSize();
    for (int tries = 0;; ++tries) {
        qint64 size = whole;
        sharedsegment::RevisionInfo read;
        // A variable array may have few elements where many would fit. After some attempts there is space for all.
        if (segment->geometry().kind == sharedsegment::engine::Kind::VariableArray && tries < GrowthTries
            && segment->tryRead({}, 0, &read))
            size = static_cast<qint64>(read.count) * elementSize;
        if (!hasMemoryFor(size))
            return noMemoryFor(size);
        const std::span<std::byte> space = allocate(list, size);
        if (static_cast<qint64>(space.size()) < size)
            return noMemoryFor(size);
        if (const Status done = segment->read(space, 0, &read); !done)
            return done.error();
        *bytes = static_cast<qint64>(read.count) * elementSize;
        if (*bytes > size)
            continue; // A larger revision came meanwhile.
        assign(read, revision);
        return {};
    }
}

Status SharedSegmentPrivate::readElement(std::span<std::byte> element, qint64 index) const
{
    const SegmentPin segment(*this);
    if (!segment)
        return errors::notOpen();
    // Of a fixed array, each revision has all elements.
    sharedsegment::RevisionInfo info;
    info.count = segment->geometry().capacity;
    const auto at = static_cast<std::uint64_t>(index);
    // The segment may have been given another layout than the caller's.
    if (at < info.count && element.size() <= segment->layout()->elementSize()) {
        if (Status done = segment->read(element, at * element.size(), &info); !done)
            return done;
        if (at < info.count)
            return {};
    }
    return sharedsegment::Error{ErrorCode::InvalidSize, "\"" + segment->name() + "\" has " + std::to_string(info.count)
                                                            + " elements, and none at the index "
                                                            + std::to_string(index) + "; read one that it has"};
}

void SharedSegmentPrivate::reportRead(const sharedsegment::Error &error) const
{
    // Other threads get only the return value; the properties belong to the object's thread.
    if (isOwnThread())
        const_cast<SharedSegmentPrivate *>(this)->fail(error);
}
