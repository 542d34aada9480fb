// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace sharedsegment::os {

/// One existing folder of a path, and which one it is: another may come into its place.
struct Place
{
    enum class Watch {
        Entries, ///< what comes and goes in it matters
        Self,    ///< only whether it is moved or removed matters: others use it, too
    };

    std::string path;
    std::uint64_t device = 0;
    std::uint64_t file = 0;
    std::uint64_t mode = 0;
    Watch watch = Watch::Entries;

    friend bool operator==(const Place &, const Place &) = default;
};

/// What exists of the folder `path` and of those above it, the nearest first.
///
/// A folder that everybody may write to (/tmp) is watched for its entries only where nothing below it tells first: before a registry
/// folder with files is removed its files are, and that is seen in the registry folder.
std::vector<Place> placesOf(const std::string &path);

/// Whether neither `path` is there nor the folder in which it lies.
bool isMissingAbove(const std::string &path);

/// Tells, by a handle that an event loop can watch, when something changes in a folder, or when its path may lead elsewhere: something
/// of the path was made, removed or renamed, or a file system was mounted or unmounted.
class PathWatch
{
public:
    struct Changes
    {
        bool inFolder = false; ///< a record came or went
        bool ofPath = false;   ///< compare the places
    };

    PathWatch() = default;

    /// @returns Unsupported where the system has nothing like that; SystemError when the user's inotify instances are used up.
    static Result<PathWatch> start();

    /// Replaces what is watched. `path` is the folder, `places` is what placesOf() said of it. Compare them once more afterwards.
    /// @returns an error when not all of them are watched.
    Status watch(const std::string &path, const std::vector<Place> &places);

    /// What has happened since the last call.
    Changes take();

    /// Readable when take() may have something.
    Handle::Native native() const { return m_handle.native(); }
    bool isActive() const { return m_handle.isValid(); }

private:
    struct Watched
    {
        bool isFolder;
        std::string next; ///< the entry that leads towards the folder
    };

    Handle m_handle;
    Handle m_events;
    Handle m_mounts;
    std::unordered_map<int, Watched> m_watched;
};

} // namespace sharedsegment::os
