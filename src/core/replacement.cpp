// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A segment whose owner replaces it by one of another capacity.

#include "sharedsegment_p.h"

#include "../engine/expectation.h"
#include "../engine/opensegment.h"
#include "../engine/recreatesegment.h"

#include <QtCore/QPointer>

#include <algorithm>
#include <string>
#include <utility>

using sharedsegment::ErrorCode;
using sharedsegment::Result;
namespace engine = sharedsegment::engine;

bool SharedSegmentPrivate::recreate(qint64 capacity)
{
    Q_Q(SharedSegment);
    if (!q->isOwner())
        return fail({ErrorCode::InvalidSize,
                     "\"" + m_name.toStdString()
                         + "\" is not owned by this object; only its owner can give it another capacity"});
    if (capacity < 1)
        return fail({ErrorCode::InvalidSize,
                     "a capacity of " + std::to_string(capacity) + " elements is not possible; give at least 1"});
    const Result<std::string> metadata = metadataText(m_openLayout);
    if (!metadata)
        return fail(metadata.error());
    Result<engine::CreatedSegment> next = engine::recreateSegment(*m_ownership, static_cast<std::uint64_t>(capacity),
                                                                  *metadata, SharedSegment::defaultWait());
    if (!next)
        return fail(next.error());
    const QPointer<SharedSegment> guard(q);
    reattach(std::move(next->segment), std::move(next->ownership));
    if (guard)
        clearError();
    return true;
}

bool SharedSegmentPrivate::followReplacement()
{
    const engine::OwnerMonitor &owner = m_segment->owner();
    if (!owner.isReplaced())
        return false;
    // A new owner may have the name by now: what open() required still holds. Equal peers go over to any capacity.
    const engine::Registry where = engine::Registry::at(owner.folder().folder().path());
    Result<std::shared_ptr<Segment>> next = engine::openSegment(where, m_segment->name(), toNative(m_openAccess));
    const auto capacity = m_isPeer ? 0 : static_cast<std::uint64_t>(std::max(m_capacity, qint64(0)));
    if (!next || (*next)->geometry().kind != m_segment->geometry().kind
        || !engine::checkExpectation(**next, *m_segment->layout(), capacity, expectedKinds()))
        return false;
    reattach(*std::move(next), nullptr);
    return true;
}

bool SharedSegmentPrivate::mayWriteAgain(const sharedsegment::Error &error)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    // The error may be another one than NotFound: a revision that does not fit into the old segment.
    if (!isOwnThread() || !isOpenHere() || !followReplacement())
        return fail(error);
    // A receiver of reopened() may have closed the segment, or deleted this.
    return guard && (isWritable() || fail(whyNotWritable()));
}

void SharedSegmentPrivate::reattach(std::shared_ptr<Segment> segment, std::unique_ptr<Ownership> ownership)
{
    Q_Q(SharedSegment);
    const QPointer<SharedSegment> guard(q);
    const quint64 known = m_announced.revision;
    if (m_watch)
        m_watch.release()->shutDown();
    m_ownership = std::move(ownership);
    setOpenMetadata(segment.get());
    if (m_isPeer) // The next owner among the peers keeps the capacity.
        m_capacity = static_cast<qint64>(segment->geometry().capacity);
    if (m_waiter)
        m_waiter->follow(segment);
    setSegment(std::move(segment), true);
    startWatch(known);
    Q_EMIT q->reopened();
    if (guard)
        announce();
}
