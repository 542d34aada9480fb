// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "system.h"

#include "controlgroup_linux.h"
#include "fd_posix.h"
#include "lasting.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <limits>
#include <memory>
#include <sstream>
#include <string_view>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace sharedsegment::os {

namespace {

constexpr std::uint64_t AlwaysThere = 1024 * 1024;
constexpr std::uint64_t Unlimited = std::numeric_limits<std::uint64_t>::max();

std::uint64_t availableOnMachine()
{
    std::ifstream file("/proc/meminfo");
    std::uint64_t total = 0;
    for (std::string key; file >> key;) {
        std::uint64_t kibibytes = 0;
        std::string unit;
        if (key == "MemAvailable:" || key == "SwapFree:") {
            if (file >> kibibytes >> unit)
                total += kibibytes * 1024;
        } else {
            std::getline(file, unit);
        }
    }
    return total == 0 ? Unlimited : total;
}

} // namespace

std::uint64_t processId()
{
    return static_cast<std::uint64_t>(::getpid());
}

InstanceId randomId()
{
    InstanceId id;
    std::size_t filled = 0;
    while (filled < id.size()) {
        const ssize_t count = retryOnEintr([&] { return ::getrandom(id.data() + filled, id.size() - filled, 0); });
        if (count > 0)
            filled += static_cast<std::size_t>(count);
    }
    return id;
}

std::int64_t wallClock()
{
    timespec now;
    ::clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

std::uint64_t availableMemory(std::uint64_t wanted)
{
    // Machines do not run out of memory at less than the size of any program's stack.
    if (wanted <= AlwaysThere)
        return Unlimited;
    // Reading the files below takes longer than creating a segment. A size that is small compared with the free memory
    // needs no closer inspection.
    static constinit Lasting<std::uint64_t> firstLimit;
    struct sysinfo info;
    if (wanted <= firstLimit.get(&leftInControlGroups) / 16 && ::sysinfo(&info) == 0) {
        const std::uint64_t unused = static_cast<std::uint64_t>(info.freeram) * info.mem_unit;
        if (wanted <= unused / 4)
            return unused;
    }
    return std::min(availableOnMachine(), leftInControlGroups());
}

DescriptorLimit descriptorLimit()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == -1)
        return {};
    return {limit.rlim_cur, limit.rlim_max};
}

bool isEnding(std::uint64_t pid)
{
    // proc_pid_stat(5): the flags are the seventh field after the program's name in parentheses.
    constexpr unsigned long Exiting = 0x4; // PF_EXITING
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < 6; ++i)
        fields >> skipped;
    unsigned long flags = 0;
    return fields >> flags && (flags & Exiting) != 0;
}

namespace {

using Directory = std::unique_ptr<DIR, int (*)(DIR *)>;

/// Whether `isWanted` accepts one of the descriptors that this process has on the same file. `isWanted` gets the
/// number's digits.
template<typename Predicate>
bool anyDescriptor(const std::string &process, Handle::Native native, Predicate isWanted)
{
    struct stat own;
    if (::fstat(descriptorOf(native), &own) == -1)
        return false;
    const std::string folder = "/proc/" + process + "/fd";
    const Directory descriptors(::opendir(folder.c_str()), &::closedir);
    if (!descriptors)
        return false;
    while (const dirent *entry = ::readdir(descriptors.get())) {
        struct stat theirs;
        if (::fstatat(::dirfd(descriptors.get()), entry->d_name, &theirs, 0) == 0 && theirs.st_ino == own.st_ino
            && theirs.st_dev == own.st_dev && isWanted(entry->d_name))
            return true;
    }
    return false;
}

/// Parses proc_pid_fdinfo(5): "lock: 1: OFDLCK ADVISORY WRITE -1 00:1f:1234 1 1" for fcntl(2), "FLOCK ..." up to "EOF"
/// for flock(2).
bool holdsLock(const std::string &process, const std::string &descriptor, std::uint64_t byte)
{
    std::ifstream file("/proc/" + process + "/fdinfo/" + descriptor);
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string word;
        if (!(words >> word) || word != "lock:")
            continue;
        for (int i = 0; i < 6; ++i)
            words >> word;
        std::uint64_t first = 0;
        std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
        if (words >> first && first <= byte && (!(words >> last) || last >= byte))
            return true;
    }
    return false;
}

} // namespace

bool hasOpen(std::uint64_t pid, Handle::Native native)
{
    return anyDescriptor(std::to_string(pid), native, [](const char *) { return true; });
}

std::uint64_t lockHolder(Handle::Native native, std::uint64_t byte)
{
    const Directory processes(::opendir("/proc"), &::closedir);
    if (!processes)
        return 0;
    while (const dirent *entry = ::readdir(processes.get())) {
        const std::string process = entry->d_name;
        if (process.find_first_not_of("0123456789") == std::string::npos
            && anyDescriptor(process, native, [&](const char *number) { return holdsLock(process, number, byte); }))
            return std::strtoull(process.c_str(), nullptr, 10);
    }
    return 0;
}

bool hasMapped(std::uint64_t pid, const std::string &path)
{
    struct stat info;
    if (::stat(path.c_str(), &info) == -1)
        return false;
    // proc_pid_maps(5): addresses, permissions, offset, device, inode.
    std::ifstream file("/proc/" + std::to_string(pid) + "/maps");
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string word;
        std::string device;
        std::uint64_t inode = 0;
        unsigned ofDriver = 0;
        unsigned ofDevice = 0;
        if (words >> word >> word >> word >> device >> inode && inode == info.st_ino
            && std::sscanf(device.c_str(), "%x:%x", &ofDriver, &ofDevice) == 2
            && makedev(ofDriver, ofDevice) == info.st_dev)
            return true;
    }
    return false;
}

Result<std::string> descriptorPathOf(std::uint64_t pid, const std::string &file)
{
    const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
    const std::unique_ptr<DIR, int (*)(DIR *)> descriptors(::opendir(folder.c_str()), &::closedir);
    if (!descriptors) {
        const Error error = systemError("looking through", folder, errno);
        return isOutOfDescriptors(error) ? Result<std::string>(error) : std::string();
    }
    // proc_pid_fd(5): the target of a removed file ends with this.
    const std::string removed = file + " (deleted)";
    char target[4096];
    while (const dirent *entry = ::readdir(descriptors.get())) {
        const ssize_t size = ::readlinkat(::dirfd(descriptors.get()), entry->d_name, target, sizeof target);
        std::string_view name(target, size < 0 ? 0 : static_cast<std::size_t>(size));
        name.remove_prefix(name.rfind('/') + 1);
        if (name == file || name == removed)
            return folder + '/' + entry->d_name;
    }
    return std::string();
}

std::uint64_t processOfThread(std::uint64_t thread)
{
    std::ifstream file("/proc/" + std::to_string(thread) + "/status");
    std::string word;
    while (file >> word) {
        std::uint64_t process = 0;
        if (word == "Tgid:" && file >> process)
            return process;
    }
    return 0;
}

std::string programName(std::uint64_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
    std::string name;
    std::getline(file, name);
    return name;
}

} // namespace sharedsegment::os
