// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "logfilter.h"

#include <utility>

void LogFilter::setSearch(const QString &search)
{
    if (std::exchange(m_search, search) == search)
        return;
    invalidateFilter();
    Q_EMIT searchChanged();
}

void LogFilter::setMost(int most)
{
    if (std::exchange(m_most, most) == most)
        return;
    invalidateFilter();
    Q_EMIT mostChanged();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    // The columns are the fields of a line: timestamp, level, source, text.
    const auto field = [&](int column) { return sourceModel()->index(row, column, parent).data(); };
    const auto contains = [&](int column) { return field(column).toString().contains(m_search, Qt::CaseInsensitive); };
    if (m_most < 7 && field(1).toInt() > m_most)
        return false;
    return m_search.isEmpty() || contains(3) || contains(2);
}
