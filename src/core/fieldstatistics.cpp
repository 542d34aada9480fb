// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "fieldstatistics_p.h"

#include "memorycheck_p.h"

#include <new>

bool FieldStatistics::isOf(const Subject &subject) const
{
    return m_subject.range.first == subject.range.first && m_subject.range.end == subject.range.end
        && m_subject.field == subject.field && m_subject.revision == subject.revision;
}

std::byte *FieldStatistics::space(qsizetype size)
{
    if (size > m_size) {
        m_size = 0;
        m_space.reset();
        if (hasMemoryFor(size, 2)) // Reading allocates pages of the segment, too.
            m_space.reset(new (std::nothrow) std::byte[static_cast<std::size_t>(size)]);
        m_size = m_space ? size : 0;
    }
    return m_space.get();
}

void FieldStatistics::compute(const Subject &subject, const SharedLayout::Field &field, qsizetype elementSize)
{
    m_subject = subject;
    m_result = reduce(field, m_space.get(), elementSize, static_cast<qsizetype>(subject.range.count()));
}
