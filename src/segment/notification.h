// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"

#include "../os/doorbell.h"
#include "../os/error.h"
#include "../os/folder.h"
#include "../os/recordfile.h"
#include "../os/recordguard.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sharedsegment::segment {

/// The paths of an instance's doorbells: `.<instance>.<slot>.<generation>.bell` in the registry folder.
class DoorbellPath
{
public:
    DoorbellPath() = default;
    DoorbellPath(const os::Folder &folder, const std::string &instanceHex)
        : m_folder(folder)
        , m_prefix("." + instanceHex + ".")
    {
    }
    std::string of(std::size_t slot, std::uint32_t generation) const
    {
        return m_folder->pathOf(m_prefix + std::to_string(slot) + "." + std::to_string(generation) + ".bell");
    }
    /// The paths of all existing doorbells of the instance, regardless of the record's content.
    std::vector<std::string> all() const;

private:
    std::optional<os::Folder> m_folder;
    std::string m_prefix;
};

/// The publisher's side of a record's listeners: wakes them, frees the slots of dead ones, and repairs a truncated
/// record.
///
/// Owns a cache of open doorbells. Owns neither the record nor its guard; both must outlive it. One thread at a time. A
/// failed notification leaves the listener armed, so the next publication tries again.
class UpdateNotifier
{
public:
    /// @param header the record's header, which restores a damaged record
    /// @param guard the record's guard, for the same purpose
    UpdateNotifier(Record *record, const RecordHeader &header, const os::RecordGuard &guard, DoorbellPath path);
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
        , m_witness(other.m_witness)
        , m_expected(other.m_expected)
        , m_path(other.m_path)
    {
    }
    /// Whether the record lost content because its file was truncated.
    bool isDamaged() const;
    /// Restores the record's header and mark, and wakes all listeners that had a slot, so that they claim new ones.
    void restore();
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
    const std::uint32_t *m_witness; ///< the mark or, in a record without one, its first bytes: zero after a truncation
    std::uint32_t m_expected;
    DoorbellPath m_path;
    std::unique_ptr<std::array<Cached, ListenerCount>> m_cache;
};

/// One listener's slot in a record, with its doorbell. Owns both; release() and the destructor give them back, in a
/// forked child only the child's own handle. Does not own the record, which must stay mapped. One thread at a time.
class Listener
{
public:
    Listener() = default;
    Listener(Listener &&other) noexcept { *this = std::move(other); }
    Listener &operator=(Listener &&other) noexcept;
    ~Listener() { release(); }

    /// Claims a free slot; if there is none, one whose listener is dead. Keeps nothing on failure.
    /// @param file a second open file description of the record that is mapped at `record`
    /// @returns Busy when living listeners hold all slots.
    static Result<Listener> claim(Record *record, os::RecordFile &file, const DoorbellPath &path);

    bool isListening() const { return m_record != nullptr; }
    os::Handle::Native native() const { return m_doorbell.native(); }
    void drain() const { m_doorbell.drain(); }

    /// Requests a notification of the next update. After this call, check for updates that came before it, then sleep.
    /// @returns false when the slot was lost.
    bool arm();

    /// Gives the slot and the doorbell back. In a forked child, closes only the child's own handle.
    void release();

private:
    Record *m_record = nullptr;
    std::size_t m_slot = 0;
    std::uint32_t m_generation = 0;
    os::ProcessToken m_process = 0;
    os::Doorbell m_doorbell;
};

/// The current number of listeners in a record, for display.
int countListeners(const Record &record);

} // namespace sharedsegment::segment
