// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "pathwatch.h"

#include <dirent.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>

namespace sharedsegment::os {

namespace {

bool isEmpty(const std::string &path)
{
    const std::unique_ptr<DIR, int (*)(DIR *)> stream(::opendir(path.c_str()), &::closedir);
    if (!stream)
        return true;
    while (const dirent *const entry = ::readdir(stream.get())) {
        if (std::string_view(entry->d_name) != "." && std::string_view(entry->d_name) != "..")
            return false;
    }
    return true;
}

/// The parent folder of `path`; empty for the root folder.
std::string parentOf(const std::string &path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return path == "." ? "" : ".";
    if (slash == 0)
        return path == "/" ? "" : "/";
    return path.substr(0, slash);
}

} // namespace

std::vector<Place> placesOf(const std::string &path)
{
    std::vector<Place> places;
    // Whether a watch further down reports the removal already.
    bool isReported = false;
    bool isBelowThere = false;
    for (std::string folder = path; !folder.empty(); folder = parentOf(folder)) {
        struct stat info;
        if (::stat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
            isReported = false;
            isBelowThere = false;
            continue;
        }
        Place place;
        place.path = folder;
        place.device = static_cast<std::uint64_t>(info.st_dev); // Signed on macOS.
        place.file = info.st_ino;
        if (folder == path) {
            place.mode = (info.st_mode & 07777) | (std::uint64_t(info.st_uid) << 16);
            isReported = !isEmpty(path);
        } else if ((info.st_mode & S_ISVTX) != 0 && isReported) {
            place.watch = Place::Watch::Self;
        } else {
            isReported = isBelowThere;
        }
        isBelowThere = true;
        places.push_back(place);
    }
    return places;
}

bool isMissingAbove(const std::string &path)
{
    struct stat info;
    return ::lstat(path.c_str(), &info) != 0 && ::stat(parentOf(path).c_str(), &info) != 0;
}

} // namespace sharedsegment::os
