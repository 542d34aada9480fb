// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "ownership.h"

#include "../os/atomic.h"
#include "../os/writerlock.h"
#include "instancefiles.h"
#include "knowninstances.h"

#include <cstdint>
#include <utility>

namespace sharedsegment::engine {

Ownership::Ownership(std::shared_ptr<Segment> segment, os::RecordFile file, os::Memory memory,
                     os::MemoryLocation location, os::OwnerMark mark)
    : m_segment(std::move(segment))
    , m_file(std::move(file))
    , m_memory(std::move(memory))
    , m_location(std::move(location))
    , m_mark(std::move(mark))
{
    rememberOwned(m_segment->geometry().instance, m_segment);
}

Ownership::~Ownership()
{
    end(RecordState::Closed);
}

void Ownership::handOver()
{
    end(RecordState::Replaced);
}

void Ownership::end(RecordState state)
{
    if (!m_file.isOpen() || !m_segment->isOfThisProcess())
        return;
    forgetOwned(m_segment->geometry().instance);
    OwnerMonitor &owner = m_segment->owner();
    owner.setGone();
    os::storeRelease(owner.record()->state, static_cast<std::uint32_t>(state));
    if (state == RecordState::Replaced)
        m_segment->publisher().announceAll();
    // Remove the memory and the lock first: after a kill in between, a sweep still finds the record.
    if (m_segment->geometry().hasMultipleWriters())
        os::WriterLock::remove(writerLockPath(owner.folder().folder(), m_segment->view().instanceHex));
    os::Memory::remove(m_location);
    if (m_file.isLinked())
        m_file.remove();
    // Release the lock only now: a living record whose lock is free would be swept.
    m_file.close();
    m_mark.remove();
    if (state == RecordState::Closed)
        m_segment->publisher().announceAll();
}

} // namespace sharedsegment::engine
