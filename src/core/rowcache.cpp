// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "rowcache_p.h"

#include "memorycheck_p.h"

#include <algorithm>
#include <new>
#include <utility>

void RowCache::reset(qsizetype elementSize, qint64 capacity)
{
    m_now = Rows();
    m_next = Rows();
    m_elementSize = std::max<qsizetype>(elementSize, 1);
    m_capacity = capacity;
}

void RowCache::setCapacity(qint64 capacity)
{
    m_capacity = capacity;
    m_now.first = std::min(m_now.first, capacity);
    m_now.end = std::min(m_now.end, capacity);
}

RowCache::Result RowCache::read(const SharedSegment &segment, qint64 first, qint64 end)
{
    first = std::clamp<qint64>(first, 0, m_capacity);
    end = std::clamp(end, first, m_capacity);
    if (end - first > MostBytes / m_elementSize)
        return Result::OutOfMemory;
    const qsizetype size = static_cast<qsizetype>(end - first) * m_elementSize;
    if (size > m_next.capacity) {
        // Reserve twice the size, since the range varies in length while a view scrolls.
        const qsizetype whole = static_cast<qsizetype>(m_capacity) * m_elementSize;
        qsizetype capacity = std::min(std::max(size + std::min(size, whole), qsizetype(4096)), std::max(whole, size));
        if (!hasMemoryFor(capacity))
            capacity = size;
        // Another process chose the size, so lack of memory is an error, not an exception.
        std::unique_ptr<std::byte[]> bytes;
        if (hasMemoryFor(capacity))
            bytes.reset(new (std::nothrow) std::byte[static_cast<std::size_t>(capacity)]);
        if (!bytes)
            return Result::OutOfMemory;
        m_next = {std::move(bytes), capacity, 0, 0, {}};
    }
    const std::span<std::byte> to(m_next.bytes.get(), static_cast<std::size_t>(size));
    if (!segment.tryRead(to, first * m_elementSize, &m_next.revision))
        return Result::Failed;
    m_next.first = first;
    m_next.end = std::clamp(m_next.revision.count, first, end);
    std::swap(m_now, m_next);
    ++m_readCount;
    return Result::Done;
}
