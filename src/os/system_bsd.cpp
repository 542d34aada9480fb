// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// For macOS and FreeBSD.

#include "system.h"

#include "fd_posix.h"

#include <cstdlib>
#include <ctime>
#include <sys/resource.h>
#include <sys/sysctl.h>
#include <sys/types.h>

#ifdef __APPLE__
#include <libproc.h>
#else
#include <sys/user.h>
#endif

namespace sharedsegment::os {

std::uint64_t processId()
{
    return static_cast<std::uint64_t>(::getpid());
}

InstanceId randomId()
{
    InstanceId id;
    ::arc4random_buf(id.data(), id.size());
    return id;
}

std::int64_t wallClock()
{
    timespec now;
    ::clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

std::uint64_t availableMemory(std::uint64_t)
{
    // The total memory of the machine. Free memory is no useful limit, because it changes with every page that other
    // processes release.
#ifdef __APPLE__
    constexpr const char *Name = "hw.memsize";
#else
    constexpr const char *Name = "hw.physmem";
#endif
    std::uint64_t bytes = 0;
    std::size_t size = sizeof bytes;
    return ::sysctlbyname(Name, &bytes, &size, nullptr, 0) == 0 ? bytes : ~std::uint64_t(0);
}

DescriptorLimit descriptorLimit()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == -1)
        return {};
    // Signed on FreeBSD.
    return {static_cast<std::uint64_t>(limit.rlim_cur), static_cast<std::uint64_t>(limit.rlim_max)};
}

bool isEnding(std::uint64_t)
{
    return false;
}

bool hasOpen(std::uint64_t, Handle::Native)
{
    return true;
}

Result<std::string> descriptorPathOf(std::uint64_t, const std::string &)
{
    return std::string(); // Other processes' descriptors have no path here.
}

std::uint64_t lockHolder(Handle::Native, std::uint64_t)
{
    return 0;
}

bool hasMapped(std::uint64_t, const std::string &)
{
    return false;
}

std::uint64_t processOfThread(std::uint64_t)
{
    return 0;
}

std::string programName(std::uint64_t pid)
{
#ifdef __APPLE__
    char name[256] = {};
    const int size = ::proc_name(static_cast<int>(pid), name, sizeof name);
    return size > 0 ? std::string(name, static_cast<std::size_t>(size)) : std::string();
#else
    int path[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, static_cast<int>(pid)};
    kinfo_proc info = {};
    std::size_t size = sizeof info;
    return ::sysctl(path, 4, &info, &size, nullptr, 0) == 0 ? info.ki_comm : std::string();
#endif
}

} // namespace sharedsegment::os
