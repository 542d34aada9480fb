// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "pathwatch.h"

#include "fd_posix.h"
#include "recordfile.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr std::uint32_t SelfMask = IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR;
constexpr std::uint32_t EntriesMask = SelfMask | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;

bool add(const Handle &poll, const Handle &what, std::uint32_t events)
{
    epoll_event event = {};
    event.events = events;
    return ::epoll_ctl(descriptorOf(poll.native()), EPOLL_CTL_ADD, descriptorOf(what.native()), &event) == 0;
}

} // namespace

Result<PathWatch> PathWatch::start()
{
    PathWatch watch;
    watch.m_events = openOwned([] { return ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK); });
    if (!watch.m_events.isValid())
        return systemError("watching the registry folder", {}, errno);
    watch.m_handle = openOwned([] { return ::epoll_create1(EPOLL_CLOEXEC); });
    if (!watch.m_handle.isValid() || !add(watch.m_handle, watch.m_events, EPOLLIN))
        return systemError("watching the registry folder", {}, errno);
    watch.m_mounts = openOwned([] { return ::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC); });
    if (!watch.m_mounts.isValid() || !add(watch.m_handle, watch.m_mounts, EPOLLPRI))
        return systemError("watching", "/proc/self/mountinfo", errno);
    return watch;
}

Status PathWatch::watch(const std::string &path, const std::vector<Place> &places)
{
    const int events = descriptorOf(m_events.native());
    // Removes the watches of moved folders, too: the kernel follows the folder, not its path.
    for (const auto &[descriptor, watched] : m_watched)
        ::inotify_rm_watch(events, descriptor);
    m_watched.clear();
    for (const Place &place : places) {
        const bool isFolder = place.path == path;
        std::uint32_t mask = place.watch == Place::Watch::Entries ? EntriesMask : SelfMask;
        // A change of the mode may make the folder private, or no longer private.
        if (isFolder)
            mask |= IN_ATTRIB;
        const int descriptor = ::inotify_add_watch(events, place.path.c_str(), mask);
        // If the folder has just disappeared, the comparison that follows notices it.
        if (descriptor == -1 && errno != ENOENT && errno != ENOTDIR)
            return systemError("watching", place.path, errno);
        if (descriptor == -1)
            continue;
        std::string next;
        if (!isFolder) {
            const std::size_t begin = place.path.ends_with('/') ? place.path.size() : place.path.size() + 1;
            if (begin < path.size())
                next = path.substr(begin, path.find('/', begin) - begin);
        }
        m_watched[descriptor] = {isFolder, next};
    }
    return {};
}

PathWatch::Changes PathWatch::take()
{
    Changes changes;
    epoll_event ready[2];
    const int count = ::epoll_wait(descriptorOf(m_handle.native()), ready, 2, 0);
    for (int i = 0; i < count; ++i) {
        if ((ready[i].events & EPOLLPRI) != 0)
            changes.ofPath = true;
    }
    // The kernel reports a change of the mounts only once, and the event loop may have consumed that report.
    if (count == 0)
        changes.ofPath = true;
    alignas(inotify_event) std::byte buffer[4096];
    for (;;) {
        const ssize_t size = ::read(descriptorOf(m_events.native()), buffer, sizeof buffer);
        if (size <= 0)
            return changes;
        for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
            inotify_event event;
            std::memcpy(&event, buffer + at, sizeof event);
            const char *const text = reinterpret_cast<const char *>(buffer + at + sizeof event);
            const std::string_view name(text, event.len > 0 ? ::strnlen(text, event.len) : 0);
            at += sizeof event + event.len;
            if ((event.mask & IN_Q_OVERFLOW) != 0) {
                changes.inFolder = changes.ofPath = changes.isIncomplete = changes.inWishes = true;
                continue;
            }
            const auto found = m_watched.find(event.wd);
            if (found == m_watched.end())
                continue; // An event of a watch that was removed meanwhile.
            if (name.empty())
                changes.ofPath = true;
            else if (!found->second.isFolder)
                changes.ofPath |= name == found->second.next;
            else if ((event.mask & (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)) != 0) {
                // Names of doorbells and unpublished records begin with a dot; the watch ignores them.
                if (!name.starts_with('.')) {
                    changes.inFolder = true;
                    changes.files.emplace_back(name);
                }
                changes.inWishes |= RecordFile::isWishName(name);
                // The folder may be empty now.
                changes.ofPath |= (event.mask & (IN_DELETE | IN_MOVED_FROM)) != 0;
            }
        }
    }
}

} // namespace sharedsegment::os
