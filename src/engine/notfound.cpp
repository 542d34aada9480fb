// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "notfound.h"

#include "name.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

namespace sharedsegment::engine {

namespace {

constexpr std::size_t MostFiles = 500;
constexpr std::size_t LongestName = 64;
constexpr std::size_t MostDifferences = 2;
constexpr std::size_t MaximumChecks = 4;
/// What the names of segments begin with that bridges own, to say what they mirror.
constexpr std::string_view BridgeNames = "sharedsegment.bridge.";

/// Returns the segment name that a record file's name encodes; empty if it does not contain the whole name.
std::string nameOf(std::string_view file)
{
    constexpr std::string_view Before = "s.";
    constexpr std::string_view After = ".segment";
    if (!file.starts_with(Before) || !file.ends_with(After) || !isRecordFileName(file))
        return {};
    file.remove_prefix(Before.size());
    file.remove_suffix(After.size());
    std::string name;
    for (std::size_t i = 0; i < file.size(); ++i) {
        if (file[i] == '%' && i + 2 < file.size()) {
            const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
            name += static_cast<char>(16 * digit(file[i + 1]) + digit(file[i + 2]));
            i += 2;
        } else {
            name += file[i];
        }
    }
    // File names of long names end in a hash.
    return recordFileName(name) == std::string(Before) + std::string(file) + std::string(After) ? name : std::string();
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Returns the Levenshtein distance in bytes: changes, insertions and deletions, ignoring upper and lower case.
std::size_t differences(const std::string &a, const std::string &b)
{
    std::array<std::size_t, LongestName + 1> row{};
    std::iota(row.begin(), row.end(), std::size_t(0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t same = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, same}));
        }
    }
    return row[b.size()];
}

/// The name with a living owner that is most like `name`; empty if there is none. For error texts.
std::string nearName(const Registry &registry, const std::string &name)
{
    const Result<RegistryFolder> folder = registry.open();
    if (!folder || name.size() > LongestName)
        return {};
    std::vector<std::pair<std::size_t, std::string>> near;
    std::size_t seen = 0;
    const Result<std::vector<std::string>> files = folder->folder().files();
    if (!files)
        return {};
    for (const std::string &file : *files) {
        std::string other = nameOf(file);
        if (other.empty() || other.size() > LongestName || other == name)
            continue;
        if (++seen > MostFiles)
            break;
        const std::size_t distance = differences(name, other);
        // Most short names are within two differences of each other.
        if (distance <= std::min(MostDifferences, name.size() / 2))
            near.emplace_back(distance, std::move(other));
    }
    std::sort(near.begin(), near.end());
    for (std::size_t i = 0; i < std::min(near.size(), MaximumChecks); ++i) {
        const Result<bool> exists = registry.exists(near[i].second);
        if (exists && *exists)
            return near[i].second;
    }
    return {};
}

/// Whether a program that mirrors segments of other hosts runs in this registry.
bool hasBridge(const Registry &registry)
{
    const Result<RegistryFolder> folder = registry.open();
    const Result<std::vector<std::string>> files = folder ? folder->folder().files()
                                                          : Result<std::vector<std::string>>(folder.error());
    return files && std::any_of(files->begin(), files->end(), [&](const std::string &file) {
               const std::string name = nameOf(file);
               if (!name.starts_with(BridgeNames))
                   return false;
               const Result<bool> exists = registry.exists(name);
               return exists && *exists;
           });
}

std::string whyNotMirrored(const Registry &registry, const std::string &name)
{
    if (!hasBridge(registry))
        return "start a bridge, which mirrors the segments of other hosts";
    return "the bridge does not reach the host \"" + std::string(hostOf(name))
         + "\", or that does not share the name; see \"sharedsegment info " + std::string(BridgeNames) + "0\"";
}

} // namespace

Error notFound(const Registry &registry, const std::string &name)
{
    const std::string near = nearName(registry, name);
    std::string remedy = "start the program that creates it, with the same registry folder";
    if (!near.empty())
        remedy = "did you mean \"" + near + "\"?";
    else if (isMirrorName(name))
        remedy = whyNotMirrored(registry, name);
    return {ErrorCode::NotFound, "there is no segment \"" + name + "\" in \"" + registry.path() + "\"; " + remedy};
}

} // namespace sharedsegment::engine
