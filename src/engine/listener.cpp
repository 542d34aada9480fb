// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "listener.h"

#include "../os/atomic.h"
#include "../os/system.h"
#include "listenerslot.h"

#include <optional>
#include <utility>

namespace sharedsegment::engine {

namespace {

std::uint64_t slotByte(std::size_t slot)
{
    return offsetof(Record, listeners) + slot * sizeof(ListenerSlot);
}

} // namespace

Listener &Listener::operator=(Listener &&other) noexcept
{
    if (this != &other) {
        release();
        m_record = std::exchange(other.m_record, nullptr);
        m_slot = other.m_slot;
        m_generation = other.m_generation;
        m_process = other.m_process;
        m_doorbell = std::move(other.m_doorbell);
    }
    return *this;
}

Result<Listener> Listener::claim(Record *record, os::RecordFile &file, const DoorbellPath &path)
{
    // The first pass considers free slots only, the second one also slots of dead listeners.
    for (const bool alsoDead : {false, true}) {
        for (std::size_t i = 0; i < ListenerCount; ++i) {
            ListenerSlot &slot = record->listeners[i];
            std::uint64_t word = os::loadAcquire(slot.word);
            if (alsoDead && (stateOf(word) == SlotState::Listening || stateOf(word) == SlotState::Armed)) {
                const std::string doorbell = path.of(i, os::loadRelaxed(slot.generation));
                if (os::DoorbellNotifier::isDead(doorbell))
                    freeSlot(record, i, word, doorbell);
                word = os::loadAcquire(slot.word);
            }
            const bool abandoned = alsoDead && stateOf(word) == SlotState::Claiming;
            if (stateOf(word) != SlotState::Free && !abandoned)
                continue;
            // A claiming process locks the slot's byte: if the byte is free, the claiming process is dead.
            if (!file.tryLockByte(slotByte(i)))
                continue;
            std::uint64_t claimed = withNextTicket(word, SlotState::Claiming);
            if (!os::compareAndSwap(slot.word, word, claimed))
                continue;
            os::storeRelaxed(slot.pid, os::processId());
            // Left by a listener that was killed while it claimed or released the slot.
            if (const std::string left = path.of(i, os::loadRelaxed(slot.generation));
                os::DoorbellNotifier::isDead(left))
                os::DoorbellNotifier::removeDead(left);
            std::optional<Error> failure;
            for (int tries = 0; tries < 8; ++tries) {
                const std::uint32_t generation = os::loadRelaxed(slot.generation) + 1;
                os::storeRelaxed(slot.generation, generation);
                Result<os::Doorbell> doorbell = os::Doorbell::create(path.of(i, generation));
                if (!doorbell) {
                    failure = doorbell.error();
                    if (failure->code == ErrorCode::AlreadyExists || failure->code == ErrorCode::NotFound)
                        continue; // A dead listener left it, or a sweep removed it while it was being opened.
                    break;
                }
                if (!os::compareAndSwap(slot.word, claimed, withState(claimed, SlotState::Listening)))
                    break;
                Listener listener;
                listener.m_record = record;
                listener.m_slot = i;
                listener.m_generation = generation;
                listener.m_process = os::processToken();
                listener.m_doorbell = std::move(*doorbell);
                return listener;
            }
            os::compareAndSwap(slot.word, claimed, withState(claimed, SlotState::Free));
            if (failure)
                return *failure;
        }
    }
    return Error{ErrorCode::Busy, "all " + std::to_string(ListenerCount)
                                      + " places for listeners are taken; end some of the programs that have it open"};
}

bool Listener::arm()
{
    if (!m_record)
        return false;
    ListenerSlot &slot = m_record->listeners[m_slot];
    for (;;) {
        std::uint64_t word = os::loadAcquire(slot.word);
        if (os::loadRelaxed(slot.generation) != m_generation)
            return false;
        const bool raises = stateOf(word) == SlotState::Listening;
        // Still armed: a publisher died after it notified and before it changed the state.
        if (!raises && stateOf(word) != SlotState::Armed)
            return false;
        if (raises)
            os::fetchAdd(m_record->armed, std::uint32_t(1));
        if (os::compareAndSwap(slot.word, word, withNextTicket(word, SlotState::Armed))) {
            os::fenceFull();
            return true;
        }
        if (raises)
            decrementArmed(m_record->armed);
    }
}

void Listener::release()
{
    if (!m_record)
        return;
    ListenerSlot &slot = m_record->listeners[m_slot];
    while (os::isThisProcess(m_process)) {
        std::uint64_t word = os::loadAcquire(slot.word);
        const bool armed = stateOf(word) == SlotState::Armed;
        if (os::loadRelaxed(slot.generation) != m_generation || (!armed && stateOf(word) != SlotState::Listening))
            break;
        if (os::compareAndSwap(slot.word, word, withState(word, SlotState::Free))) {
            if (armed)
                decrementArmed(m_record->armed);
            break;
        }
    }
    m_doorbell.remove();
    m_record = nullptr;
}

int countListeners(const Record &record)
{
    int count = 0;
    for (const ListenerSlot &slot : record.listeners) {
        const SlotState state = stateOf(os::loadRelaxed(slot.word));
        count += state == SlotState::Listening || state == SlotState::Armed ? 1 : 0;
    }
    return count;
}

} // namespace sharedsegment::engine
