// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"

#include "../os/doorbell.h"
#include "../os/error.h"
#include "../os/recordfile.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace sharedsegment::segment {

/// The path of a listener's doorbell is this prefix, the slot and the generation: `.<instance>.<slot>.<generation>.bell`.
class DoorbellPath
{
public:
    DoorbellPath() = default;
    DoorbellPath(const os::Folder &folder, const std::string &instanceHex)
        : m_prefix(folder.pathOf("." + instanceHex + "."))
    {
    }
    std::string of(std::size_t slot, std::uint32_t generation) const
    {
        return m_prefix + std::to_string(slot) + "." + std::to_string(generation) + ".bell";
    }

private:
    std::string m_prefix;
};

/// The publisher's side of a record's listeners. One thread at a time.
class BellRinger
{
public:
    BellRinger(Record *record, DoorbellPath path)
        : m_record(record)
        , m_path(std::move(path))
    {
        os::Ringer::reserve();
    }

    /// Wakes those who sleep. Call after the news is in place. A few ns when nobody does.
    void ring();
    /// Wakes everybody who listens: something other than a revision changed, or a publisher died.
    void ringAll();

private:
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
