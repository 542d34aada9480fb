// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Reads the memory controller of both cgroup versions: https://docs.kernel.org/admin-guide/cgroup-v2.html and
// .../cgroup-v1/memory.html

#include "controlgroup_linux.h"

#include "lasting.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <sys/sysinfo.h>
#include <vector>

namespace sharedsegment::os {

namespace {

constexpr std::uint64_t NoLimit = std::numeric_limits<std::uint64_t>::max();

/// The file names of one cgroup version.
struct Version
{
    const char *limit;
    const char *used;
    const char *prefix; ///< of the lines of memory.stat that include the groups below
};

constexpr Version First = {"/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_"};
constexpr Version Second = {"/memory.max", "/memory.current", ""};

struct Group
{
    const Version *version;
    std::string mount;
    std::string path; ///< below the mount; inside a container it may be a path that only the host can see
};

std::uint64_t numberIn(const std::string &path)
{
    std::ifstream file(path);
    std::uint64_t number = NoLimit;
    // "max" is not a number and sets the stream's fail state.
    return file >> number ? number : NoLimit;
}

std::vector<Group> findGroups()
{
    std::vector<Group> groups;
    // Each line has the form hierarchy:controllers:path.
    std::ifstream file("/proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos)
            continue;
        const std::string controllers = ',' + line.substr(first + 1, second - first - 1) + ',';
        const std::string path = line.substr(second + 1);
        if (controllers == ",,") {
            groups.push_back({&Second, "/sys/fs/cgroup", path});
            groups.push_back({&Second, "/sys/fs/cgroup/unified", path});
        } else if (controllers.find(",memory,") != std::string::npos) {
            groups.push_back({&First, "/sys/fs/cgroup/memory", path});
        }
    }
    return groups;
}

/// Memory that the kernel reclaims before it kills a process: file pages and swappable pages.
std::uint64_t reclaimable(const std::string &folder, const Version &version)
{
    std::uint64_t bytes = 0;
    std::ifstream file(folder + "/memory.stat");
    const std::string inactive = version.prefix + std::string("inactive_file");
    const std::string active = version.prefix + std::string("active_file");
    std::string key;
    for (std::uint64_t value = 0; file >> key >> value;) {
        if (key == inactive || key == active)
            bytes += value;
    }
    const std::uint64_t swapped = numberIn(folder + "/memory.swap.current");
    const std::uint64_t swap = numberIn(folder + "/memory.swap.max");
    struct sysinfo machine = {};
    if (swapped < swap && swapped != NoLimit && ::sysinfo(&machine) == 0)
        bytes += std::min<std::uint64_t>(swap - swapped, std::uint64_t(machine.freeswap) * machine.mem_unit);
    return bytes;
}

std::uint64_t leftIn(const std::string &folder, const Version &version)
{
    const std::uint64_t limit = numberIn(folder + version.limit);
    const std::uint64_t used = numberIn(folder + version.used);
    if (limit == NoLimit || used == NoLimit)
        return NoLimit;
    const std::uint64_t back = reclaimable(folder, version);
    const std::uint64_t kept = used - std::min(used, back);
    return limit - std::min(limit, kept);
}

} // namespace

std::uint64_t leftInControlGroups()
{
    static constinit Lasting<std::vector<Group>> groups;
    std::uint64_t left = NoLimit;
    for (const Group &group : groups.get(findGroups)) {
        // The limit of every visible ancestor counts, too. In a container the topmost visible group carries the
        // container's own limit.
        for (std::string path = group.path;;) {
            left = std::min(left, leftIn(group.mount + path, *group.version));
            const auto slash = path.find_last_of('/');
            if (path.empty() || slash == std::string::npos)
                break;
            path.resize(slash);
        }
    }
    return left;
}

} // namespace sharedsegment::os
