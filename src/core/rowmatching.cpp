// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "rowmatching_p.h"

#include <QtCore/QHash>

#include <algorithm>
#include <numeric>
#include <utility>

namespace {

// How far apart rows may be that follow on a place where rows came or went. Beyond, all that follows is looked up.
constexpr std::size_t Lookahead = 16;

/// The rows by their keys, and equal keys in the order of the rows.
std::vector<std::pair<quint64, int>> sortedRows(const RowMatching::Keys &keys, std::size_t head)
{
    std::vector<std::pair<quint64, int>> rows;
    rows.reserve(keys.size() - head);
    for (std::size_t row = head; row < keys.size(); ++row)
        rows.emplace_back(keys[row], static_cast<int>(row));
    std::sort(rows.begin(), rows.end());
    return rows;
}

/// The rows of `isIn`, as ranges.
template<typename IsIn>
void collectRows(std::size_t count, IsIn isIn, std::vector<RowMatching::Rows> *rows)
{
    rows->clear();
    for (std::size_t row = 0; row < count; ++row) {
        if (!isIn(row))
            continue;
        if (!rows->empty() && rows->back().first + rows->back().count == static_cast<int>(row))
            ++rows->back().count;
        else
            rows->push_back({static_cast<int>(row), 1});
    }
}

} // namespace

void RowMatching::reset()
{
    m_keys.clear();
    m_hasDuplicates = false;
}

void RowMatching::match(const Keys &before, const Keys &now)
{
    m_keysBefore = &before;
    m_keysNow = &now;
    const auto [end, endNow] = std::mismatch(before.cbegin(), before.cend(), now.cbegin(), now.cend());
    const auto head = static_cast<std::size_t>(end - before.cbegin());
    m_isSame = end == before.cend() && endNow == now.cend();
    m_before.assign(now.size(), None);
    std::iota(m_before.begin(), m_before.begin() + static_cast<std::ptrdiff_t>(head), 0);
    m_removed.clear();
    m_inserted.clear();
    m_order.clear();
    if (m_isSame)
        return;
    m_isKept.assign(before.size(), 0);
    std::fill_n(m_isKept.begin(), head, 1);
    if (!m_hasDuplicates) {
        matchDistinct(head);
        collect();
        m_hasDuplicates = !updateKeys();
    }
    if (m_hasDuplicates) {
        matchOccurrences(head);
        collect();
        m_keys.clear();
        m_keys.reserve(static_cast<qsizetype>(now.size()));
        m_hasDuplicates = std::any_of(now.cbegin(), now.cend(), [this](quint64 key) {
            const qsizetype size = m_keys.size();
            m_keys.insert(key);
            return m_keys.size() == size;
        });
    }
    findOrder();
}

void RowMatching::matchDistinct(std::size_t head)
{
    const Keys &before = *m_keysBefore;
    const Keys &now = *m_keysNow;
    const auto keep = [this](std::size_t row, std::size_t rowNow) {
        m_before[rowNow] = static_cast<int>(row);
        m_isKept[row] = 1;
    };
    std::size_t end = before.size();
    std::size_t endNow = now.size();
    while (end > head && endNow > head && before[end - 1] == now[endNow - 1])
        keep(--end, --endNow);
    // Rows mostly keep their order: what follows on a place where rows came or went is near.
    std::size_t i = head;
    std::size_t j = head;
    const auto skip = [&] {
        for (std::size_t more = 1; more <= Lookahead; ++more) {
            for (std::size_t less = 0; less <= more; ++less) {
                if (i + more < end && j + less < endNow && before[i + more] == now[j + less]) {
                    i += more;
                    j += less;
                    return true;
                }
                if (i + less < end && j + more < endNow && before[i + less] == now[j + more]) {
                    i += less;
                    j += more;
                    return true;
                }
            }
        }
        return false;
    };
    while (i < end && j < endNow && (before[i] == now[j] || skip()))
        keep(i++, j++);
    matchRest(head, endNow);
}

void RowMatching::matchRest(std::size_t head, std::size_t end)
{
    QHash<quint64, int> rest;
    for (std::size_t row = head; row < m_isKept.size(); ++row) {
        if (!m_isKept[row])
            rest.insert((*m_keysBefore)[row], static_cast<int>(row));
    }
    for (std::size_t row = head; row < end && !rest.isEmpty(); ++row) {
        if (m_before[row] != None)
            continue;
        const int found = rest.value((*m_keysNow)[row], None);
        // Keys that became equal are matched again afterwards.
        if (found == None || m_isKept[static_cast<std::size_t>(found)])
            continue;
        m_before[row] = found;
        m_isKept[static_cast<std::size_t>(found)] = 1;
    }
}

void RowMatching::matchOccurrences(std::size_t head)
{
    std::fill(m_before.begin() + static_cast<std::ptrdiff_t>(head), m_before.end(), None);
    std::fill(m_isKept.begin() + static_cast<std::ptrdiff_t>(head), m_isKept.end(), 0);
    const auto before = sortedRows(*m_keysBefore, head);
    auto row = before.cbegin();
    for (const auto &[key, rowNow] : sortedRows(*m_keysNow, head)) {
        while (row != before.cend() && row->first < key)
            ++row;
        if (row == before.cend())
            break;
        if (row->first != key)
            continue;
        m_before[static_cast<std::size_t>(rowNow)] = row->second;
        m_isKept[static_cast<std::size_t>(row->second)] = 1;
        ++row;
    }
}

void RowMatching::collect()
{
    collectRows(
        m_isKept.size(), [this](std::size_t row) { return !m_isKept[row]; }, &m_removed);
    collectRows(
        m_before.size(), [this](std::size_t row) { return m_before[row] == None; }, &m_inserted);
}

bool RowMatching::updateKeys()
{
    for (const Rows &rows : m_removed) {
        for (int row = rows.first; row < rows.first + rows.count; ++row)
            m_keys.remove((*m_keysBefore)[static_cast<std::size_t>(row)]);
    }
    for (const Rows &rows : m_inserted) {
        for (int row = rows.first; row < rows.first + rows.count; ++row)
            m_keys.insert((*m_keysNow)[static_cast<std::size_t>(row)]);
    }
    return m_keys.size() == static_cast<qsizetype>(m_keysNow->size());
}

void RowMatching::findOrder()
{
    int last = None;
    const bool isSorted = std::all_of(m_before.cbegin(), m_before.cend(),
                                      [&last](int row) { return row == None || std::exchange(last, row) < row; });
    if (isSorted)
        return;
    std::vector<int> numbers(m_isKept.size());
    std::exclusive_scan(m_isKept.cbegin(), m_isKept.cend(), numbers.begin(), 0);
    for (const int row : m_before) {
        if (row != None)
            m_order.push_back(numbers[static_cast<std::size_t>(row)]);
    }
}

std::vector<bool> RowMatching::fixedRows() const
{
    // Patience sorting: `ends` has the place of the least last row of an increasing part of each length.
    std::vector<std::size_t> ends;
    std::vector<std::size_t> previous(m_order.size());
    for (std::size_t place = 0; place < m_order.size(); ++place) {
        const auto at = std::lower_bound(ends.begin(), ends.end(), m_order[place],
                                         [this](std::size_t end, int row) { return m_order[end] < row; });
        previous[place] = at == ends.begin() ? place : *std::prev(at);
        if (at == ends.end())
            ends.push_back(place);
        else
            *at = place;
    }
    std::vector<bool> isFixed(m_order.size());
    std::size_t place = ends.empty() ? 0 : ends.back();
    for (std::size_t left = ends.size(); left > 0; --left) {
        isFixed[place] = true;
        place = previous[place];
    }
    return isFixed;
}

bool RowMatching::findMoves(std::size_t most, std::vector<Move> *moves) const
{
    moves->clear();
    if (m_order.empty())
        return true;
    const std::vector<bool> isFixed = fixedRows();
    std::vector<int> rows(m_order.size());
    std::iota(rows.begin(), rows.end(), 0);
    const auto find = [&rows](int row) { return std::find(rows.begin(), rows.end(), row); };
    for (std::size_t place = 0; place < m_order.size();) {
        if (isFixed[place]) {
            ++place;
            continue;
        }
        // Each row goes behind the one that it follows, which is at its place among the fixed ones already.
        const auto first = find(m_order[place]);
        auto end = first;
        for (; place < m_order.size() && !isFixed[place] && end != rows.end() && *end == m_order[place]; ++place)
            ++end;
        const std::size_t begin = place - static_cast<std::size_t>(end - first);
        const auto to = begin == 0 ? rows.begin() : find(m_order[begin - 1]) + 1;
        if (to == first)
            continue;
        if (moves->size() == most)
            return false;
        moves->push_back({static_cast<int>(first - rows.begin()), static_cast<int>(end - first),
                          static_cast<int>(to - rows.begin())});
        if (to < first)
            std::rotate(to, first, end);
        else
            std::rotate(first, end, to);
    }
    return true;
}
