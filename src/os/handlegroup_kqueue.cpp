// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handlegroup.h"

#include "fd_posix.h"

#include <sys/types.h>
// Requires <sys/types.h>, so it comes last.
#include <sys/event.h>

namespace sharedsegment::os {

Result<HandleGroup> HandleGroup::of(std::span<const Handle::Native> handles)
{
    HandleGroup group;
    group.m_handle = openOwned([] { return ::kqueue(); });
    if (!group.m_handle.isValid())
        return systemError("making a descriptor to poll", {}, errno);
    for (const Handle::Native handle : handles) {
        if (Status added = group.add(handle); !added)
            return added.error();
    }
    return group;
}

Status HandleGroup::add(Handle::Native handle)
{
    struct kevent change;
    EV_SET(&change, static_cast<uintptr_t>(descriptorOf(handle)), EVFILT_READ, EV_ADD, 0, 0, nullptr);
    if (::kevent(descriptorOf(native()), &change, 1, nullptr, 0, nullptr) == -1)
        return systemError("making a descriptor to poll", {}, errno);
    return {};
}

} // namespace sharedsegment::os
