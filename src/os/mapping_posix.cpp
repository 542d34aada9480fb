// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "mapping.h"

#include <sys/mman.h>

namespace sharedsegment::os {

void Mapping::reset()
{
    if (m_data)
        ::munmap(m_data, static_cast<std::size_t>(m_size));
    m_data = nullptr;
    m_size = 0;
}

} // namespace sharedsegment::os
