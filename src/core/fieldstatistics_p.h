// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "elementrange_p.h"
#include "reduction_p.h"

#include <cstddef>
#include <memory>

/// Statistics of one field over a range of elements, with the memory for a copy of them. The last result is kept, since
/// bindings ask for minimum, maximum and mean of the same numbers.
class FieldStatistics
{
public:
    /// What the numbers are of.
    struct Subject
    {
        quint64 revision = 0;
        ElementRange range{-1, -1};
        qsizetype field = 0;
    };

    /// Drops the result: the numbers are of another segment from here on.
    void clear() { m_subject = Subject(); }
    bool isOf(const Subject &subject) const;
    const Reduction &result() const { return m_result; }

    /// Returns memory for `size` bytes, to copy elements into; null if there is none.
    std::byte *space(qsizetype size);
    /// Computes the result from the elements in the memory of the last space().
    void compute(const Subject &subject, const SharedLayout::Field &field, qsizetype elementSize);

private:
    Subject m_subject;
    Reduction m_result;
    std::unique_ptr<std::byte[]> m_space;
    qsizetype m_size = 0;
};
