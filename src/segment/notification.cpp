// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "notification.h"

#include "../os/atomic.h"
#include "../os/system.h"

#include <cstring>
#include <optional>
#include <utility>

namespace sharedsegment::segment {

namespace {

SlotState stateOf(std::uint64_t word)
{
    return static_cast<SlotState>(static_cast<std::uint32_t>(word));
}

std::uint64_t withState(std::uint64_t word, SlotState state)
{
    return (word & 0xffffffff00000000u) | static_cast<std::uint32_t>(state);
}

std::uint64_t withNextTicket(std::uint64_t word, SlotState state)
{
    return withState(word + (std::uint64_t(1) << 32), state);
}

std::uint64_t slotByte(std::size_t slot)
{
    return offsetof(Record, listeners) + slot * sizeof(ListenerSlot);
}

void decrementArmed(std::uint32_t &armed)
{
    std::uint32_t count = os::loadRelaxed(armed);
    // A corrupt count must not wrap around.
    while (count != 0 && !os::compareAndSwap(armed, count, count - 1)) { }
}

/// Frees a dead listener's slot, if its word is still `word`, and removes the doorbell.
void freeSlot(Record *record, std::size_t index, std::uint64_t word, const std::string &path)
{
    std::uint64_t expected = word;
    if (!os::compareAndSwap(record->listeners[index].word, expected, withState(word, SlotState::Free)))
        return;
    if (stateOf(word) == SlotState::Armed)
        decrementArmed(record->armed);
    os::DoorbellNotifier::removeDead(path);
}

} // namespace

std::vector<std::string> DoorbellPath::all() const
{
    std::vector<std::string> paths;
    const Result<std::vector<std::string>> files = m_folder->files();
    if (!files)
        return paths;
    for (const std::string &file : *files) {
        if (file.starts_with(m_prefix) && file.ends_with(".bell"))
            paths.push_back(m_folder->pathOf(file));
    }
    return paths;
}

UpdateNotifier::UpdateNotifier(Record *record, const RecordHeader &header, const os::RecordGuard &guard,
                               DoorbellPath path)
    : m_record(record)
    , m_header(header)
    , m_guard(&guard)
    , m_witness(&markOf(*record))
    , m_expected(RecordMark)
    , m_path(std::move(path))
{
    os::DoorbellNotifier::reserve();
    if (os::loadRelaxed(*m_witness) == RecordMark)
        return;
    m_witness = reinterpret_cast<const std::uint32_t *>(&record->header);
    std::memcpy(&m_expected, &header, sizeof m_expected);
}

bool UpdateNotifier::isDamaged() const
{
    return os::loadRelaxed(*m_witness) != m_expected;
}

void UpdateNotifier::restore()
{
    m_guard->regrow();
    std::memcpy(&m_record->header, &m_header, sizeof m_header);
    os::fenceRelease();
    if (m_witness == &markOf(*m_record))
        os::storeRelaxed(markOf(*m_record), RecordMark);
    const os::SigpipeGuard guard;
    for (const std::string &path : m_path.all()) {
        bool dead = false;
        const os::DoorbellNotifier notifier = os::DoorbellNotifier::open(path, &dead);
        if (notifier.isOpen())
            static_cast<void>(notifier.notify());
        else if (!dead)
            static_cast<void>(os::DoorbellNotifier::notifyWithReserve(path));
    }
}

void UpdateNotifier::notify()
{
    os::fenceFull();
    if (os::loadRelaxed(m_record->armed) != 0) {
        std::optional<os::SigpipeGuard> guard;
        for (std::size_t i = 0; i < ListenerCount; ++i) {
            // `armed` counts every armed listener until its notification; 0 means that the rest of the table need not
            // be scanned.
            if (notifySlot(i, false, &guard) && os::loadRelaxed(m_record->armed) == 0)
                break;
        }
    }
    if (isDamaged())
        restore();
}

void UpdateNotifier::notifyAll()
{
    os::fenceFull();
    {
        std::optional<os::SigpipeGuard> guard;
        for (std::size_t i = 0; i < ListenerCount; ++i)
            notifySlot(i, true, &guard);
    }
    if (isDamaged())
        restore();
}

bool UpdateNotifier::notifySlot(std::size_t index, bool alsoListening, std::optional<os::SigpipeGuard> *guard)
{
    ListenerSlot &slot = m_record->listeners[index];
    const std::uint64_t word = os::loadAcquire(slot.word);
    const bool armed = stateOf(word) == SlotState::Armed;
    if (!armed && !(alsoListening && stateOf(word) == SlotState::Listening))
        return false;
    if (!*guard)
        guard->emplace();
    const std::uint32_t generation = os::loadRelaxed(slot.generation);
    if (!m_cache)
        m_cache = std::make_unique<std::array<Cached, ListenerCount>>();
    Cached &cached = (*m_cache)[index];
    os::DoorbellNotifier::Outcome outcome = os::DoorbellNotifier::Outcome::Failed;
    if (cached.notifier.isOpen() && cached.generation == generation) {
        outcome = cached.notifier.notify();
    } else {
        const std::string path = m_path.of(index, generation);
        bool dead = false;
        cached.notifier = os::DoorbellNotifier::open(path, &dead);
        cached.generation = generation;
        if (dead)
            outcome = os::DoorbellNotifier::Outcome::Dead;
        else
            outcome = cached.notifier.isOpen() ? cached.notifier.notify() : notifyWithoutDescriptor(path);
    }
    switch (outcome) {
    case os::DoorbellNotifier::Outcome::Notified:
        if (armed) {
            std::uint64_t expected = word;
            if (os::compareAndSwap(slot.word, expected, withState(word, SlotState::Listening)))
                decrementArmed(m_record->armed);
        }
        break;
    case os::DoorbellNotifier::Outcome::Dead: {
        cached.notifier = os::DoorbellNotifier();
        const std::string path = m_path.of(index, generation);
        // The listener may live although its doorbell lost its name. Then notify it after freeing its slot: it claims
        // another one.
        const Result<os::DoorbellNotifier> displaced =
            os::DoorbellNotifier::openDisplaced(os::loadRelaxed(slot.pid), path);
        if (!displaced)
            break;
        freeSlot(m_record, index, word, path);
        if (displaced->isOpen())
            static_cast<void>(displaced->notify());
        break;
    }
    case os::DoorbellNotifier::Outcome::Failed: // Stays armed: the next publication tries again.
        break;
    }
    return true;
}

os::DoorbellNotifier::Outcome UpdateNotifier::notifyWithoutDescriptor(const std::string &path)
{
    const os::DoorbellNotifier::Outcome outcome = os::DoorbellNotifier::notifyWithReserve(path);
    if (outcome != os::DoorbellNotifier::Outcome::Failed)
        return outcome;
    // The reserved descriptor is in use, too. Close the cached notifiers, which only save time.
    for (Cached &cached : *m_cache)
        cached.notifier = os::DoorbellNotifier();
    bool dead = false;
    const os::DoorbellNotifier notifier = os::DoorbellNotifier::open(path, &dead);
    if (dead)
        return os::DoorbellNotifier::Outcome::Dead;
    return notifier.isOpen() ? notifier.notify() : os::DoorbellNotifier::Outcome::Failed;
}

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

} // namespace sharedsegment::segment
