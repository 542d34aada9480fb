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

/// The path of a listener's doorbell is this prefix, the slot and the generation: `.<instance>.<slot>.<generation>.bell`.
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
    /// Those that there are, whatever the record says.
    std::vector<std::string> all() const;

private:
    std::optional<os::Folder> m_folder;
    std::string m_prefix;
};

/// The publisher's side of a record's listeners. One thread at a time.
class BellRinger
{
public:
    /// @param header what the record begins with, and its guard: for when it was damaged. The guard has to outlive the ringer.
    BellRinger(Record *record, const RecordHeader &header, const os::RecordGuard &guard, DoorbellPath path);
    /// Another one for the same record, which knows of it what that one knew before it was damaged.
    static BellRinger like(const BellRinger &other) { return BellRinger(other); }

    /// Wakes those who sleep. Call after the news is in place. A few ns when nobody does.
    void ring();
    /// Wakes everybody who listens: something other than a revision changed, or a publisher died.
    void ringAll();

private:
    BellRinger(const BellRinger &other)
        : m_record(other.m_record)
        , m_header(other.m_header)
        , m_guard(other.m_guard)
        , m_witness(other.m_witness)
        , m_expected(other.m_expected)
        , m_path(other.m_path)
    {
    }
    /// Whether the record lost content: it was cut short.
    bool isDamaged() const;
    /// Gives the record its content back and wakes all who had a place in it, to take one anew.
    void restore();
    /// `quiet`: made for the first one that is rung. @returns whether somebody was to be rung there.
    bool ringSlot(std::size_t index, bool alsoListening, std::optional<os::QuietRinging> *quiet);

    /// Rings where no descriptor is left to open the doorbell with.
    os::Ringer::Outcome ringWithoutDescriptor(const std::string &path);

    struct Cached
    {
        os::Ringer ringer;
        std::uint32_t generation = 0;
    };
    Record *m_record;
    RecordHeader m_header;
    const os::RecordGuard *m_guard;
    const std::uint32_t *m_witness; ///< the mark, or of a record without one its first bytes: zero after they were lost
    std::uint32_t m_expected;
    DoorbellPath m_path;
    std::unique_ptr<std::array<Cached, ListenerCount>> m_cache;
};

/// One listener's place in a record, with its doorbell. Gives both back when it goes (not in a forked child).
class Listener
{
public:
    Listener() = default;
    Listener(Listener &&other) noexcept { *this = std::move(other); }
    Listener &operator=(Listener &&other) noexcept;
    ~Listener() { release(); }

    /// Takes a free slot; if there is none, one whose listener is dead. `file` is an opening of the record that is mapped at `record`.
    /// @returns Busy when all are taken by the living.
    static Result<Listener> claim(Record *record, os::RecordFile &file, const DoorbellPath &path);

    bool isListening() const { return m_record != nullptr; }
    os::Handle::Native native() const { return m_doorbell.native(); }
    void drain() const { m_doorbell.drain(); }

    /// Asks to be rung at the next news. Look for news that came before once more after this, then sleep.
    /// @returns false when the place was lost.
    bool arm();

    void release();

private:
    Record *m_record = nullptr;
    std::size_t m_slot = 0;
    std::uint32_t m_generation = 0;
    os::ProcessToken m_process = 0;
    os::Doorbell m_doorbell;
};

/// How many listeners a record has now, for people.
int countListeners(const Record &record);

} // namespace sharedsegment::segment
