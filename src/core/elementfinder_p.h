// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementkey_p.h"
#include "sharedsegment_export.h"

#include <cstddef>
#include <span>
#include <vector>

/// Finds elements of one revision by their identities, and the other way round. Each takes one pass over the keys, however
/// often a key occurs.
class SHAREDSEGMENT_EXPORT ElementFinder
{
public:
    static constexpr qint64 NotThere = -1;

    struct Place
    {
        ElementIdentity identity;
        qint64 index = NotThere;
    };
    /// The elements of one revision, all of them.
    struct Elements
    {
        const std::byte *bytes = nullptr;
        qsizetype size = 0; ///< of an element, in bytes
        qint64 count = 0;
    };

    /// Finds the index of each place that has a key; NotThere for those that the revision does not have.
    void findIndexes(const ElementKey &key, const Elements &elements, std::span<Place> places);
    /// Finds the identity of each place.
    void findIdentities(const ElementKey &key, const Elements &elements, std::span<Place> places);

private:
    /// A key that occurs in a place.
    struct Slot
    {
        quint64 key = 0;
        qint64 seen = -1;     ///< how many elements of the pass had it; less than 0: the slot is empty
        std::size_t next = 0; ///< the first of its places in m_order that is not found yet
    };

    void prepare(std::size_t keys);
    Slot &slotOf(quint64 key);
    /// Calls `handle` with the index and the key of each element, until it returns false.
    template<typename Handler>
    void forEachKey(const ElementKey &key, const Elements &elements, Handler handle);

    // All kept, so that a steady state allocates nothing.
    std::vector<Slot> m_slots; ///< a power of two, of which at most half are in use
    std::vector<std::size_t> m_order;
    std::vector<quint64> m_keys;
    quint64 m_multiplier = 0;
    int m_shift = 0;
};
