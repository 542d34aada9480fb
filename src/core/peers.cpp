// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Equal peers, one of which owns the segment that all use.

#include "memorycheck_p.h"
#include "sharedsegment_p.h"

#include "../engine/errors.h"
#include "../engine/streamreader.h"

#include <QtCore/QPointer>

#include <chrono>
#include <thread>
#include <vector>

using sharedsegment::ErrorCode;
using sharedsegment::Status;
namespace engine = sharedsegment::engine;
namespace errors = sharedsegment::engine::errors;

namespace {

constexpr int PeerTries = 200;
constexpr std::chrono::microseconds PeerPause{100};

/// Reads the last revision, or the elements of a stream, of an owner that is gone. Other writers may continue until they are
/// notified.
/// @param to has space for all elements, and gets the size of those that are there
/// @param kept of a stream: the position and its time
/// @returns false if there is no whole revision.
bool readLast(const std::shared_ptr<engine::Segment> &segment, std::vector<std::byte> &to,
              sharedsegment::RevisionInfo *kept)
{
    const engine::Segment &old = *segment;
    if (segment->content().ringBuffer()) {
        engine::StreamReader reader(segment);
        reader.seekToOldest();
        *kept = reader.read(to);
        to.resize(static_cast<std::size_t>(kept->count) * old.layout()->elementSize());
        return true;
    }
    for (int tries = 0; tries < PeerTries; ++tries) {
        sharedsegment::RevisionInfo info;
        const Status read = old.read(to, 0, &info);
        if (read) {
            // A variable array's revision may have fewer elements.
            to.resize(static_cast<std::size_t>(info.count) * old.layout()->elementSize());
            return true;
        }
        if (read.error().code != ErrorCode::Busy)
            return false;
        std::this_thread::sleep_for(PeerPause);
    }
    return false;
}

} // namespace

sharedsegment::Error SharedSegmentPrivate::tryCreateOrOpen(const SharedLayout &layout, qint64 capacity)
{
    if (isOpenHere())
        return errors::openAlready(m_segment->name());
    if (!layout.isValid())
        return noLayout();
    // The next owner continues with the last revision of the previous one.
    std::vector<std::byte> last;
    sharedsegment::RevisionInfo kept;
    if (const std::shared_ptr<Segment> old = sharedSegment();
        old && layout.native() == *old->layout() && old->geometry().capacity == static_cast<std::uint64_t>(capacity)
        && old->geometry().kind == static_cast<engine::Kind>(m_kind) && old->revision() > 0) {
        const std::uint64_t size = old->geometry().payloadSize;
        if (!hasMemoryFor(static_cast<qint64>(size)))
            return {ErrorCode::OutOfMemory, "there is no memory for the last values of \"" + old->name() + "\", "
                                                + std::to_string(size)
                                                + " bytes; close the object to begin without them"};
        last.resize(static_cast<std::size_t>(size));
        if (!readLast(old, last, &kept))
            last.clear();
    }
    const SharedSegment::Access access = m_multipleWriters ? SharedSegment::Access::ReadWrite : m_access;
    sharedsegment::Error error;
    for (int tries = 0; tries < PeerTries; ++tries) {
        if (error = tryOpen(access, layout, capacity); error.code != ErrorCode::NotFound)
            return error;
        error = tryCreate(m_kind, layout, capacity, last, kept);
        if (error.code != ErrorCode::AlreadyExists)
            return error;
        // Another process is just creating or closing the segment.
        std::this_thread::sleep_for(PeerPause);
    }
    return errors::nameContested(m_name.toStdString());
}

bool SharedSegmentPrivate::createOrOpen(const SharedLayout &layout, qint64 capacity)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    const sharedsegment::Error error = tryCreateOrOpen(layout, capacity);
    if (failed(error))
        return fail(error);
    if (!guard)
        return true;
    m_isPeer = true;
    // For the next attempt of `active`.
    m_layout = layout;
    m_layoutText = layout.text();
    m_capacity = capacity;
    return true;
}
