// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "requestedrows_p.h"

#include <utility>

namespace {

constexpr int MaximumTrimInterval = 1 << 20;

} // namespace

void RequestedRows::clip(ElementRange window)
{
    for (ElementRange *range : {&m_range, &m_recent, &m_sinceTrim})
        *range = range->within(window);
}

void RequestedRows::beginRefresh()
{
    m_sinceTrim.include(std::exchange(m_recent, ElementRange()));
}

std::optional<ElementRange> RequestedRows::trimmed(qint64 most)
{
    if (m_range.count() <= most) {
        m_trimInterval = std::max(m_trimInterval - 1, 1);
        return std::nullopt;
    }
    if (++m_refreshesSinceTrim <= m_trimInterval)
        return std::nullopt;
    m_refreshesSinceTrim = 0;
    const ElementRange kept = std::exchange(m_sinceTrim, ElementRange());
    if (kept.count() > m_range.count() / 2) {
        m_trimInterval = std::min(2 * m_trimInterval, MaximumTrimInterval);
        return std::nullopt;
    }
    return kept;
}
