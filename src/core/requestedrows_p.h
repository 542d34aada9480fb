// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementrange_p.h"

#include <optional>

/// The elements that views of a model have requested, and so may show: the model reads them and announces their changes.
///
/// One pass over a million rows must not make each later refresh read a million rows. So if the elements are many, those
/// that no view has requested recently are dropped now and then.
class RequestedRows
{
public:
    const ElementRange &range() const { return m_range; }
    /// Those requested since the last refresh.
    const ElementRange &recent() const { return m_recent; }
    bool isEmpty() const { return m_range.isEmpty(); }

    void add(qint64 index)
    {
        m_range.include({index, index + 1});
        m_recent.include({index, index + 1});
    }
    void clear() { m_range = m_recent = m_sinceTrim = ElementRange(); }
    /// Drops elements outside of `window`.
    void clip(ElementRange window);

    /// Begins a refresh: what is requested from here on is recent.
    void beginRefresh();
    /// Returns the elements to keep, if it is time to drop others; `most` elements are never too many. The caller
    /// keeps some around them, by keep(), and announces the others as changed: a view that still shows one requests it
    /// again, and then the next times become rarer.
    std::optional<ElementRange> trimmed(qint64 most);
    /// Replaces the range by a part of it.
    void keep(ElementRange range) { m_range = range; }

private:
    ElementRange m_range;
    ElementRange m_recent;
    ElementRange m_sinceTrim;
    int m_trimInterval = 1;       ///< in refreshes
    int m_refreshesSinceTrim = 0; ///< counted only while many elements are requested
};
