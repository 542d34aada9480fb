// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "mapping.h"

#include <windows.h>

namespace sharedsegment::os {

void Mapping::reset()
{
    if (m_data)
        ::UnmapViewOfFile(m_data);
    m_data = nullptr;
    m_size = 0;
}

} // namespace sharedsegment::os
