// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>

/// How long to wait, in ms, until one looks again for what nobody will tell of.
///
/// An owner whose process cannot be watched is mostly just ending, and then a moment decides; where it lives in another pid namespace,
/// once a second has to do.
class LookAgainInterval
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
