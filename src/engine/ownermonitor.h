// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "format.h"
#include "ownerwatch.h"
#include "registryfolder.h"
#include "segmentview.h"
#include "source.h"

#include "../os/atomic.h"
#include "../os/mapping.h"
#include "../os/recordguard.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

namespace sharedsegment::engine {

/// What an opening knows of its segment's owner and record. Finds the record by name, and maps it when it is first
/// needed: a reader without listeners needs none, unless the segment is a mirror. Owns the mapping of the record.
///
/// External memory has no record; its owner is gone once setGone() says so. Thread-safe.
class SHAREDSEGMENTENGINE_EXPORT OwnerMonitor
{
public:
    /// @param view must outlive this object
    /// @param folder where the record lies; none for external memory
    OwnerMonitor(const SegmentView &view, std::optional<RegistryFolder> folder);

    /// Whether the owner has closed the segment. Does not detect a killed owner: see isAlive().
    bool isClosed() const
    {
        if (isGone())
            return true;
        const Record *const mapped = record();
        return mapped && os::loadAcquire(mapped->state) != static_cast<std::uint32_t>(RecordState::Live);
    }
    /// Checks the kernel's lock: whether the owner still holds this instance.
    bool isAlive() const;
    /// Whether the owner has replaced the segment by one of another capacity: the name leads to the new one. Without a
    /// mapped record: whether the owner's process has the name with another instance.
    bool isReplaced() const;
    /// Marks the owner as gone, for all that have this opening.
    void setGone() { m_isGone.store(true); }
    bool isGone() const { return m_isGone.load(std::memory_order_relaxed); }

    /// Where the values come from, as the record of a mirror says, also after its owner's end. Of other segments: Here. The
    /// owner itself goes by what it said, since other processes can write the record.
    Source source() const;
    /// Stores it, for the owner of a mirror. See Segment::setSource().
    void setSource(Source source);
    /// What setSource() stored last in this process, which restores a damaged record.
    const std::atomic<Source> &ownSource() const { return m_ownSource; }

    /// Watches the owner for its end. Check isAlive() again after this call.
    /// @returns an error when the owner cannot be watched, or has ended.
    Result<OwnerWatch> watch() const;

    /// The mapped record; null until mapRecord() or setRecord().
    Record *record() const { return m_recordAt.load(std::memory_order_acquire); }
    /// Maps the record if it is not mapped yet. @returns NotFound when the owner has ended or is closing, or when another
    /// instance has the name by now; or the error of the mapping.
    Status mapRecord();
    /// Takes over the mapping of a record that is open already.
    void setRecord(os::Mapping mapping, const std::string &path);
    const os::RecordGuard &recordGuard() const { return m_recordGuard; }
    /// The folder of the record. Not for external memory.
    const RegistryFolder &folder() const { return *m_folder; }

private:
    Result<FoundRecord> findRecord() const;

    const SegmentView &m_view;
    std::optional<RegistryFolder> m_folder;
    std::mutex m_mutex;
    os::Mapping m_record;
    os::RecordGuard m_recordGuard; ///< for m_record, so it is destroyed first
    std::atomic<Record *> m_recordAt = nullptr;
    std::atomic<bool> m_isGone = false;
    std::atomic<Source> m_ownSource = Source::Here;
};

} // namespace sharedsegment::engine
