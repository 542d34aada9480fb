// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"
#include "handle.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace sharedsegment::os {

/// One existing folder of a path, with its identity: another folder may replace it.
struct Place
{
    enum class Watch {
        Entries, ///< watch for entries that are created, removed or renamed
        Self,    ///< watch only for the folder's own move or removal, because other programs use it, too
    };

    std::string path;
    std::uint64_t device = 0;
    std::uint64_t file = 0;
    std::uint64_t mode = 0;
    Watch watch = Watch::Entries;

    friend bool operator==(const Place &, const Place &) = default;
};

/// The existing folders among `path` and its ancestors, the nearest first.
///
/// A folder that everybody may write to (/tmp) is watched for entries only where no folder below it reports the change
/// first. Before a registry folder that contains files is removed, its files are removed, and the watch on the registry
/// folder reports that.
SHAREDSEGMENTENGINE_EXPORT std::vector<Place> placesOf(const std::string &path);

/// Whether both `path` and its parent folder are missing.
SHAREDSEGMENTENGINE_EXPORT bool isMissingAbove(const std::string &path);

/// Watches a folder and its path with a handle for an event loop. Reports changes in the folder, and events after which
/// the path may lead elsewhere: a part of the path was created, removed or renamed, or a file system was mounted or
/// unmounted.
///
/// Owns its descriptors; one inotify instance for each object (Linux). Not thread-safe.
class SHAREDSEGMENTENGINE_EXPORT PathWatch
{
public:
    struct Changes
    {
        bool inFolder = false; ///< a record was added or removed
        bool ofPath = false;   ///< call placesOf() again and compare
        /// The entries that inFolder is about, in the order of their changes, and those again that changed again.
        std::vector<std::string> files;
        bool isIncomplete = false; ///< other entries may have changed, too
        bool inWishes = false;     ///< a wish was added or removed; a killed process removes none
    };

    PathWatch() = default;

    /// @returns Unsupported where the system lacks such a service; SystemError when the user's inotify instances are
    /// used up.
    static Result<PathWatch> start();

    /// Replaces what is watched.
    /// @param path the folder
    /// @param places the result of placesOf(); compare it with a new one after this call
    /// @returns an error when some of the places are not watched.
    Status watch(const std::string &path, const std::vector<Place> &places);

    /// The changes since the last call.
    Changes take();

    /// Readable when take() may have changes to report.
    Handle::Native native() const { return m_handle.native(); }
    bool isActive() const { return m_handle.isValid(); }

private:
    struct Watched
    {
        bool isFolder;
        std::string next; ///< the next entry on the way to the folder
    };

    Handle m_handle;
    Handle m_events;
    Handle m_mounts;
    std::unordered_map<int, Watched> m_watched;
};

} // namespace sharedsegment::os
