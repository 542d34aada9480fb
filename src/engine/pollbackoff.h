// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>

namespace sharedsegment::engine {

/// Back-off interval, in ms, for polling when no notification is available: 10, 20, 40 and so on, at most 1000.
///
/// An owner whose process cannot be watched is mostly about to end, so the first intervals are short. An owner in
/// another pid namespace is polled once a second.
class PollBackoff
{
public:
    int next()
    {
        m_next = std::min(2 * m_next, 1000);
        return m_next;
    }

private:
    int m_next = 5;
};

} // namespace sharedsegment::engine
