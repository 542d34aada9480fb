// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handlegroup.h"

#include "fd_posix.h"

#include <algorithm>
#include <poll.h>
#include <vector>

namespace sharedsegment::os {

int waitForAny(std::span<const Handle::Native> handles, std::chrono::nanoseconds time)
{
    constexpr std::chrono::milliseconds Longest = std::chrono::hours(1);
    std::vector<pollfd> polled;
    for (const Handle::Native handle : handles)
        polled.push_back({descriptorOf(handle), POLLIN, 0});
    // Rounded up: otherwise the last fraction of a millisecond would be a busy loop.
    const auto milliseconds =
        std::clamp(std::chrono::ceil<std::chrono::milliseconds>(time), std::chrono::milliseconds(0), Longest);
    if (::poll(polled.data(), static_cast<nfds_t>(polled.size()), static_cast<int>(milliseconds.count())) <= 0)
        return -1;
    const auto ready = std::find_if(polled.begin(), polled.end(), [](const pollfd &one) { return one.revents != 0; });
    return ready == polled.end() ? -1 : static_cast<int>(ready - polled.begin());
}

} // namespace sharedsegment::os
