// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <cstddef>
#include <vector>

/// The field by whose value elements are recognized from revision to revision: an integer, a `bool` or a text.
///
/// A key is a number of 64 bits. For a text of more than 8 bytes it is a hash: two such texts have the same one with a
/// probability of 2^-64, and then count as equal keys.
class SHAREDSEGMENT_EXPORT ElementKey
{
public:
    /// Makes an invalid key.
    ElementKey() = default;
    /// @param field a field for which isPossible() is true
    explicit ElementKey(const SharedLayout::Field &field);

    static bool isPossible(const SharedLayout::Field &field);

    bool isValid() const { return m_size > 0; }
    quint64 of(const std::byte *element) const;
    /// Makes `keys` those of `count` elements.
    void assign(const std::byte *elements, qint64 count, qsizetype elementSize, std::vector<quint64> *keys) const;

    /// One of the elements with the same key.
    struct Occurrence
    {
        quint64 key = 0;
        qint64 number = 0; ///< from 0, in the order of the elements from `first` on, and around
        qint64 first = 0;

        /// Returns the index of the element, or -1 if `keys` has fewer of them.
        qint64 indexIn(const std::vector<quint64> &keys) const;
    };

private:
    quint64 ofText(const std::byte *text) const;

    qsizetype m_offset = 0;
    qsizetype m_size = 0;
    bool m_isText = false;
};
