// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handle.h"

#include <windows.h>

namespace sharedsegment::os {

// Nothing forks here, and no handle is inherited that was not made for it.

ForkBarrier::ForkBarrier() = default;

ForkBarrier::~ForkBarrier() = default;

Handle::Handle(Native native, const ForkBarrier &)
    // Some functions give nothing for a failure, others INVALID_HANDLE_VALUE, which is -1.
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
