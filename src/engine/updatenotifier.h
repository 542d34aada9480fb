// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "doorbellpath.h"
#include "format.h"
#include "source.h"

#include "../os/doorbell.h"
#include "../os/recordguard.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace sharedsegment::engine {

/// The publisher's side of a record's listeners: wakes them, frees the slots of dead ones, and repairs a truncated
/// record.
///
/// Owns a cache of open doorbells. Owns neither the record, nor its guard, nor the source; they must outlive it. One thread at
/// a time. A failed notification leaves the listener armed, so the next publication tries again.
class SHAREDSEGMENTENGINE_EXPORT UpdateNotifier
{
public:
    /// @param header the record's header, which restores a damaged record
    /// @param guard the record's guard, for the same purpose
    /// @param source what the owner says of where the values come from, for the same purpose; null for other writers, which
    /// do not know it
    UpdateNotifier(Record *record, const RecordHeader &header, const os::RecordGuard &guard,
                   const std::atomic<Source> *source, DoorbellPath path);
    /// Creates a second notifier for the same record, with the same knowledge of its undamaged content.
    static UpdateNotifier forSameRecord(const UpdateNotifier &other) { return UpdateNotifier(other); }

    /// Wakes the armed listeners. Call it after the new revision is visible. Takes a few ns when no listener is armed.
    void notify();
    /// Wakes all listeners, armed or not, for changes other than a new revision and after a publisher's death.
    void notifyAll();

private:
    UpdateNotifier(const UpdateNotifier &other)
        : m_record(other.m_record)
        , m_header(other.m_header)
        , m_guard(other.m_guard)
        , m_source(other.m_source)
        , m_witness(other.m_witness)
        , m_expected(other.m_expected)
        , m_path(other.m_path)
    {
    }
    /// Whether the record lost content because its file was truncated.
    bool isDamaged() const;
    /// Restores the record's header, source and mark, and wakes all listeners that had a slot, so that they claim new ones.
    void restore();
    void restoreSource();
    /// @param guard created for the first notification
    /// @returns whether the slot had a listener to notify.
    bool notifySlot(std::size_t index, bool alsoListening, std::optional<os::SigpipeGuard> *guard);

    /// Notifies although this process has no free descriptor to open the doorbell with.
    os::DoorbellNotifier::Outcome notifyWithoutDescriptor(const std::string &path);

    struct Cached
    {
        os::DoorbellNotifier notifier;
        std::uint32_t generation = 0;
    };
    Record *m_record;
    RecordHeader m_header;
    const os::RecordGuard *m_guard;
    const std::atomic<Source> *m_source;
    const std::uint32_t *m_witness; ///< the mark or, in a record without one, its first bytes: zero after a truncation
    std::uint32_t m_expected;
    DoorbellPath m_path;
    std::unique_ptr<std::array<Cached, ListenerCount>> m_cache;
};

} // namespace sharedsegment::engine
