// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegment_export.h"

#include <QtCore/QSet>
#include <QtCore/QtGlobal>

#include <cstddef>
#include <vector>

/// Finds the rows of one revision among those of the one before, by their keys.
///
/// The n-th row of a key is the n-th row of that key before. As long as no key occurs twice, the cost follows the rows
/// that came, went or moved, besides one pass over the keys.
class SHAREDSEGMENT_EXPORT RowMatching
{
public:
    using Keys = std::vector<quint64>;
    static constexpr int None = -1;

    /// Rows `first` to `first + count`, excluded.
    struct Rows
    {
        int first = 0;
        int count = 0;
    };
    /// Rows that move in front of the row `to`, as QAbstractItemModel::beginMoveRows() counts.
    struct Move
    {
        int first = 0;
        int count = 0;
        int to = 0;
    };

    /// Begins anew: there are no rows.
    void reset();
    /// Matches the rows of the last call, with the keys `before`, with those that follow.
    void match(const Keys &before, const Keys &now);

    /// Whether all rows are what they were, and where.
    bool isSame() const { return m_isSame; }
    /// For each row the one that it was, or None.
    const std::vector<int> &before() const { return m_before; }
    /// The rows that are gone, in ascending order, as they were before.
    const std::vector<Rows> &removed() const { return m_removed; }
    /// The rows that are new, in ascending order, as they are now.
    const std::vector<Rows> &inserted() const { return m_inserted; }
    /// The order of the rows that stay: for each one, as they are now, its number among them before. Empty if they keep
    /// their order.
    const std::vector<int> &order() const { return m_order; }
    /// Finds moves, one after the other, that bring the rows that stay into their order. @returns false if there would be
    /// more than `most`.
    bool findMoves(std::size_t most, std::vector<Move> *moves) const;

private:
    void matchDistinct(std::size_t head);
    void matchRest(std::size_t head, std::size_t end);
    void matchOccurrences(std::size_t head);
    void collect();
    void findOrder();
    /// Updates the set of keys. @returns false if one occurs twice.
    bool updateKeys();
    /// Which places of the order belong to a longest increasing part of it: rows that need not move.
    std::vector<bool> fixedRows() const;

    const Keys *m_keysBefore = nullptr;
    const Keys *m_keysNow = nullptr;
    bool m_isSame = true;
    bool m_hasDuplicates = false;
    QSet<quint64> m_keys; ///< of all rows; only kept while none occurs twice
    std::vector<int> m_before;
    std::vector<char> m_isKept; ///< for each row before
    std::vector<Rows> m_removed;
    std::vector<Rows> m_inserted;
    std::vector<int> m_order;
};
