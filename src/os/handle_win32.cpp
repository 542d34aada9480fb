// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handle.h"

#include <windows.h>

namespace sharedsegment::os {

// Windows has no fork, and handles are inherited only if they were created for it.

ForkBarrier::ForkBarrier() = default;

ForkBarrier::~ForkBarrier() = default;

Handle::Handle(Native native, const ForkBarrier &)
    // Some functions return NULL on failure, others INVALID_HANDLE_VALUE, which is -1.
    : m_native(native == 0 ? Invalid : native)
    , m_process(processToken())
{
}

bool Handle::isValid() const
{
    return m_native != Invalid;
}

void Handle::reset()
{
    if (isValid())
        ::CloseHandle(reinterpret_cast<HANDLE>(m_native));
    m_native = Invalid;
}

} // namespace sharedsegment::os
