// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "doorbellpath.h"
#include "format.h"

#include "../os/doorbell.h"
#include "../os/processtoken.h"
#include "../os/recordfile.h"

#include <cstddef>
#include <cstdint>

namespace sharedsegment::engine {

/// One listener's slot in a record, with its doorbell. Owns both; release() and the destructor give them back, in a
/// forked child only the child's own handle. Does not own the record, which must stay mapped. One thread at a time.
class SHAREDSEGMENTENGINE_EXPORT Listener
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
SHAREDSEGMENTENGINE_EXPORT int countListeners(const Record &record);

} // namespace sharedsegment::engine
