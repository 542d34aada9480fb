// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "rowlevels_p.h"

#include <algorithm>
#include <utility>

namespace {

std::size_t levelCount(ElementRange range)
{
    return static_cast<std::size_t>(std::max<qint64>(range.count(), 0));
}

} // namespace

void RowLevels::reset(qsizetype fields)
{
    m_watch.clear();
    m_isRequested.assign(static_cast<std::size_t>(fields), 0);
    m_hasRequests = false;
    m_fields.clear();
    m_nextRange = ElementRange();
    forgetShown();
}

void RowLevels::request(qsizetype field)
{
    m_isRequested[static_cast<std::size_t>(field)] = 1;
    m_hasRequests = true;
}

void RowLevels::setFields(std::vector<FieldLimits> fields, std::optional<Level> before)
{
    std::vector<Field> levels;
    for (const FieldLimits &limits : fields) {
        const auto known = std::find_if(m_fields.begin(), m_fields.end(),
                                        [&](const Field &field) { return field.field == limits.field(); });
        if (known != m_fields.end()) {
            levels.push_back(std::move(*known));
            continue;
        }
        levels.push_back({limits.field(), {}, {}});
        if (before)
            levels.back().shown.assign(levelCount(m_shownRange), *before);
    }
    m_fields = std::move(levels);
    m_watch.setFields(std::move(fields));
}

void RowLevels::forgetStates()
{
    std::vector<FieldLimits> fields;
    for (const FieldLimits &field : m_watch.fields())
        fields.push_back(field.withoutStates());
    m_watch.clear();
    m_watch.setFields(std::move(fields));
}

void RowLevels::forgetShown()
{
    m_shownRange = ElementRange();
    for (Field &field : m_fields)
        field.shown.clear();
}

void RowLevels::judge(const FieldLimits::Elements &elements, const SharedRevision &revision, bool isCurrent)
{
    ++m_version;
    m_watch.judgeLevels(elements, revision, isCurrent);
    m_nextRange = elements.range;
    for (std::size_t i = 0; i < m_fields.size(); ++i)
        fill(m_watch.fields()[i], elements, &m_fields[i].next);
}

void RowLevels::fill(const FieldLimits &limits, const FieldLimits::Elements &elements, std::vector<Level> *levels) const
{
    const ElementRange range = elements.range;
    levels->assign(levelCount(range), m_watch.isKnown() ? Level::Normal : Level::Unknown);
    if (m_watch.isKnown() && limits.isFull()) {
        for (std::size_t i = 0; i < levels->size(); ++i)
            (*levels)[i] = limits.momentaryLevel(elements.bytes + static_cast<qsizetype>(i) * elements.size, 0);
    }
    for (const FieldLimits::Entry &entry : limits.entries()) {
        if (range.contains(entry.index))
            (*levels)[static_cast<std::size_t>(entry.index - range.first)] = entry.state.level();
    }
}

void RowLevels::showNew()
{
    const ElementRange both = m_shownRange.within(m_nextRange);
    for (Field &field : m_fields) {
        const bool isKnown = field.shown.size() == levelCount(m_shownRange);
        if (isKnown && m_shownRange.first == m_nextRange.first && m_shownRange.end == m_nextRange.end)
            continue;
        m_spare = field.next;
        if (isKnown && !both.isEmpty())
            std::copy_n(field.shown.begin() + (both.first - m_shownRange.first), both.count(),
                        m_spare.begin() + (both.first - m_nextRange.first));
        field.shown.swap(m_spare);
    }
    m_shownRange = m_nextRange;
}

void RowLevels::showReindexed(const std::vector<int> &before)
{
    for (Field &field : m_fields) {
        m_spare = field.next;
        for (std::size_t row = 0; row < std::min(before.size(), m_spare.size()); ++row) {
            if (before[row] >= 0 && static_cast<std::size_t>(before[row]) < field.shown.size())
                m_spare[row] = field.shown[static_cast<std::size_t>(before[row])];
        }
        field.shown.swap(m_spare);
    }
    m_shownRange = m_nextRange;
}

const RowLevels::Field *RowLevels::find(qsizetype field) const
{
    const auto at =
        std::find_if(m_fields.cbegin(), m_fields.cend(), [field](const Field &other) { return other.field == field; });
    return at == m_fields.cend() ? nullptr : &*at;
}

RowLevels::Level RowLevels::shown(qsizetype field, qint64 index) const
{
    const Field *const levels = find(field);
    const bool isThere = levels && m_shownRange.contains(index) && levels->shown.size() == levelCount(m_shownRange);
    return isThere ? levels->shown[static_cast<std::size_t>(index - m_shownRange.first)] : judged(field, index);
}

RowLevels::Level RowLevels::judged(qsizetype field, qint64 index) const
{
    const Field *const levels = find(field);
    const bool isThere = levels && m_nextRange.contains(index) && levels->next.size() == levelCount(m_nextRange);
    return isThere ? levels->next[static_cast<std::size_t>(index - m_nextRange.first)] : Level::Unknown;
}

bool RowLevels::hasChanges() const
{
    return std::any_of(m_fields.begin(), m_fields.end(), [](const Field &field) { return field.shown != field.next; });
}

std::vector<CellChanges::Block> RowLevels::takeChanges(ElementRange announced)
{
    const ElementRange known = announced.within(m_shownRange);
    for (Field &field : m_fields) {
        if (field.shown == field.next || field.shown.size() != field.next.size())
            continue;
        const auto column = static_cast<int>(field.field);
        const auto at = [this](qint64 index) { return index - m_shownRange.first; };
        const auto isOther = [&](qint64 index) {
            const auto i = static_cast<std::size_t>(at(index));
            return field.shown[i] != field.next[i];
        };
        std::copy(field.next.begin(), field.next.begin() + at(known.first), field.shown.begin());
        std::copy(field.next.begin() + at(known.end), field.next.end(), field.shown.begin() + at(known.end));
        for (qint64 index = known.first; index < known.end; ++index) {
            const qint64 first = index;
            while (index < known.end && isOther(index))
                ++index;
            if (index > first)
                m_changes.add({first, column, index - 1, column});
        }
    }
    return m_changes.take();
}

void RowLevels::show(const CellChanges::Block &block)
{
    const ElementRange rows = ElementRange{block.top, block.bottom + 1}.within(m_shownRange);
    for (Field &field : m_fields) {
        if (field.field < block.left || field.field > block.right || field.shown.size() != field.next.size())
            continue;
        const qint64 first = rows.first - m_shownRange.first;
        std::copy_n(field.next.begin() + first, std::max<qint64>(rows.count(), 0), field.shown.begin() + first);
    }
}
