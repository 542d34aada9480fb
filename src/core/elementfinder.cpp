// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "elementfinder_p.h"

#include <QtCore/QRandomGenerator>

#include <algorithm>
#include <bit>
#include <numeric>

namespace {

/// Keys that are read at once.
constexpr qint64 KeyBlock = 1024;

} // namespace

void ElementFinder::prepare(std::size_t keys)
{
    // Another process chose the keys, and cannot know which ones collide.
    if (m_multiplier == 0)
        m_multiplier = QRandomGenerator::global()->generate64() | 1U;
    const std::size_t size = std::bit_ceil(2 * keys + 2);
    m_shift = 64 - std::countr_zero(size);
    m_slots.assign(size, Slot());
}

ElementFinder::Slot &ElementFinder::slotOf(quint64 key)
{
    std::size_t at = static_cast<std::size_t>((key * m_multiplier) >> m_shift);
    while (m_slots[at].seen >= 0 && m_slots[at].key != key)
        at = (at + 1) & (m_slots.size() - 1);
    return m_slots[at];
}

template<typename Handler>
void ElementFinder::forEachKey(const ElementKey &key, const Elements &elements, Handler handle)
{
    for (qint64 first = 0; first < elements.count; first += KeyBlock) {
        key.assign(elements.bytes + static_cast<qsizetype>(first) * elements.size,
                   std::min(KeyBlock, elements.count - first), elements.size, &m_keys);
        for (std::size_t i = 0; i < m_keys.size(); ++i) {
            if (!handle(first + static_cast<qint64>(i), m_keys[i]))
                return;
        }
    }
}

void ElementFinder::findIndexes(const ElementKey &key, const Elements &elements, std::span<Place> places)
{
    m_order.clear();
    for (std::size_t i = 0; i < places.size(); ++i) {
        places[i].index = NotThere;
        if (places[i].identity.hasKey())
            m_order.push_back(i);
    }
    const auto identity = [&](std::size_t i) -> const ElementIdentity & { return places[m_order[i]].identity; };
    const auto isBefore = [&](std::size_t a, std::size_t b) { return places[a].identity < places[b].identity; };
    if (!std::is_sorted(m_order.begin(), m_order.end(), isBefore))
        std::sort(m_order.begin(), m_order.end(), isBefore);
    prepare(m_order.size());
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        Slot &slot = slotOf(identity(i).key);
        if (slot.seen < 0)
            slot = {identity(i).key, 0, i};
    }
    std::size_t left = m_order.size();
    forEachKey(key, elements, [&](qint64 index, quint64 of) {
        Slot &slot = slotOf(of);
        if (slot.seen < 0)
            return left > 0;
        const ElementIdentity wanted{of, slot.seen++};
        while (slot.next < m_order.size() && identity(slot.next) == wanted) {
            places[m_order[slot.next++]].index = index;
            --left;
        }
        return left > 0;
    });
}

void ElementFinder::findIdentities(const ElementKey &key, const Elements &elements, std::span<Place> places)
{
    m_order.resize(places.size());
    std::iota(m_order.begin(), m_order.end(), std::size_t(0));
    std::sort(m_order.begin(), m_order.end(),
              [&](std::size_t a, std::size_t b) { return places[a].index < places[b].index; });
    prepare(places.size());
    for (const Place &place : places) {
        const quint64 of = key.of(elements.bytes + static_cast<qsizetype>(place.index) * elements.size);
        slotOf(of) = {of, 0, 0};
    }
    std::size_t next = 0;
    forEachKey(key, elements, [&](qint64 index, quint64 of) {
        Slot &slot = slotOf(of);
        if (slot.seen < 0)
            return true;
        for (; next < m_order.size() && places[m_order[next]].index == index; ++next)
            places[m_order[next]].identity = {of, slot.seen};
        ++slot.seen;
        return next < m_order.size();
    });
}
