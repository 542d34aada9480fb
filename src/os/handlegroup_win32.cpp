// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handlegroup.h"

#include "support_win32.h"

#include <algorithm>
#include <thread>
#include <vector>

namespace sharedsegment::os {

int waitForAny(std::span<const Handle::Native> handles, std::chrono::nanoseconds time)
{
    constexpr std::chrono::milliseconds Longest = std::chrono::hours(1);
    const auto milliseconds =
        std::clamp(std::chrono::ceil<std::chrono::milliseconds>(time), std::chrono::milliseconds(0), Longest);
    if (handles.empty()) {
        std::this_thread::sleep_for(milliseconds);
        return -1;
    }
    std::vector<HANDLE> waited;
    for (const Handle::Native handle : handles)
        waited.push_back(handleOf(handle));
    const DWORD answer = ::WaitForMultipleObjects(static_cast<DWORD>(waited.size()), waited.data(), FALSE,
                                                  static_cast<DWORD>(milliseconds.count()));
    return answer < WAIT_OBJECT_0 + waited.size() ? static_cast<int>(answer - WAIT_OBJECT_0) : -1;
}

Result<HandleGroup> HandleGroup::of(std::span<const Handle::Native>)
{
    return Error{ErrorCode::Unsupported, "this system has no descriptor to poll; call waitForUpdated()"};
}

Status HandleGroup::add(Handle::Native)
{
    return Error{ErrorCode::Unsupported, "this system has no descriptor to poll; call waitForUpdated()"};
}

} // namespace sharedsegment::os
