// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "handlegroup.h"

#include "fd_posix.h"

#include <sys/epoll.h>

namespace sharedsegment::os {

Result<HandleGroup> HandleGroup::of(std::span<const Handle::Native> handles)
{
    HandleGroup group;
    group.m_handle = openOwned([] { return ::epoll_create1(EPOLL_CLOEXEC); });
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
    epoll_event event = {};
    event.events = EPOLLIN;
    if (::epoll_ctl(descriptorOf(native()), EPOLL_CTL_ADD, descriptorOf(handle), &event) == -1)
        return systemError("making a descriptor to poll", {}, errno);
    return {};
}

} // namespace sharedsegment::os
