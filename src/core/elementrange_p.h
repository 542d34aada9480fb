// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QtGlobal>

#include <algorithm>

/// A range of elements.
struct ElementRange
{
    qint64 first = 0;
    qint64 end = 0;

    bool isEmpty() const { return first >= end; }
    qint64 count() const { return end - first; }
    bool contains(qint64 index) const { return index >= first && index < end; }

    /// Grows to the smallest range that contains both.
    void include(ElementRange other)
    {
        if (isEmpty()) {
            *this = other;
        } else if (!other.isEmpty()) {
            first = std::min(first, other.first);
            end = std::max(end, other.end);
        }
    }
    /// Returns the part of this range that lies in the other one; it may be empty.
    ElementRange within(ElementRange other) const
    {
        return {std::clamp(first, other.first, other.end), std::clamp(end, other.first, other.end)};
    }
};
