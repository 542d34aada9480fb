// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "format.h"

#include "../os/atomic.h"
#include "../os/doorbell.h"

#include <cstdint>
#include <string>

/// What listeners and notifiers do with a listener's slot; for their implementation.
namespace sharedsegment::engine {

inline SlotState stateOf(std::uint64_t word)
{
    return static_cast<SlotState>(static_cast<std::uint32_t>(word));
}

inline std::uint64_t withState(std::uint64_t word, SlotState state)
{
    return (word & 0xffffffff00000000u) | static_cast<std::uint32_t>(state);
}

inline std::uint64_t withNextTicket(std::uint64_t word, SlotState state)
{
    return withState(word + (std::uint64_t(1) << 32), state);
}

inline void decrementArmed(std::uint32_t &armed)
{
    std::uint32_t count = os::loadRelaxed(armed);
    // A corrupt count must not wrap around.
    while (count != 0 && !os::compareAndSwap(armed, count, count - 1)) { }
}

/// Frees a dead listener's slot, if its word is still `word`, and removes the doorbell.
inline void freeSlot(Record *record, std::size_t index, std::uint64_t word, const std::string &path)
{
    std::uint64_t expected = word;
    if (!os::compareAndSwap(record->listeners[index].word, expected, withState(word, SlotState::Free)))
        return;
    if (stateOf(word) == SlotState::Armed)
        decrementArmed(record->armed);
    os::DoorbellNotifier::removeDead(path);
}

} // namespace sharedsegment::engine
