// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "updatenotifier.h"

#include "../os/atomic.h"
#include "listenerslot.h"

#include <cstring>

namespace sharedsegment::engine {

UpdateNotifier::UpdateNotifier(Record *record, const RecordHeader &header, const os::RecordGuard &guard,
                               const std::atomic<Source> *source, DoorbellPath path)
    : m_record(record)
    , m_header(header)
    , m_guard(&guard)
    , m_source(source)
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
    restoreSource();
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

void UpdateNotifier::restoreSource()
{
    if (!m_source)
        return;
    // Another thread may set it meanwhile: then it stores first here, and afterwards in the record.
    Source said = m_source->load();
    Source stored;
    do {
        stored = said;
        os::storeRelease(m_record->source, static_cast<std::uint32_t>(stored));
        os::fenceFull();
        said = m_source->load();
    } while (said != stored);
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

} // namespace sharedsegment::engine
