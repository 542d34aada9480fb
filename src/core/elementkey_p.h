// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "fielddecoder.h"
#include "sharedlayout.h"
#include "sharedsegment_export.h"

#include <QtCore/QHashFunctions>

#include <cstddef>
#include <utility>
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
    /// Returns the key that the field of this name makes; an invalid one without such a field.
    static ElementKey find(const QList<FieldDecoder> &fields, const QString &name);
    /// Returns what to warn of where find() finds none: the cause, and the possible fields. Empty without a name or fields.
    static QString warning(const QList<FieldDecoder> &fields, const QString &name, const QString &segmentName);

    bool operator==(const ElementKey &other) const = default;
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

/// Which element it is, in each revision: the n-th one with a key or, where elements have no key, the one at an index.
struct ElementIdentity
{
    static constexpr qint64 IsIndex = -1;

    quint64 key = 0;         ///< or the index
    qint64 number = IsIndex; ///< from 0, in the order of the elements

    bool hasKey() const { return number != IsIndex; }
    bool operator==(const ElementIdentity &other) const = default;
    friend bool operator<(const ElementIdentity &a, const ElementIdentity &b)
    {
        return std::pair(a.key, a.number) < std::pair(b.key, b.number);
    }
    friend size_t qHash(const ElementIdentity &identity, size_t seed = 0)
    {
        return qHashMulti(seed, identity.key, identity.number);
    }
};
