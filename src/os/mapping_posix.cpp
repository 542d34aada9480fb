// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "mapping.h"

#include <sys/mman.h>

namespace sharedsegment::os {

Mapping::Mapping(Mapping &&other) noexcept
    : m_data(other.m_data)
    , m_size(other.m_size)
{
    other.m_data = nullptr;
    other.m_size = 0;
}

Mapping &Mapping::operator=(Mapping &&other) noexcept
{
    if (this != &other) {
        reset();
        m_data = other.m_data;
        m_size = other.m_size;
        other.m_data = nullptr;
        other.m_size = 0;
    }
    return *this;
}

void Mapping::reset()
{
    if (m_data)
        ::munmap(m_data, static_cast<std::size_t>(m_size));
    m_data = nullptr;
    m_size = 0;
}

} // namespace sharedsegment::os
