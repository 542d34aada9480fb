// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "ownerwatch.h"
#include "registryfolder.h"

#include "../os/error.h"
#include "../os/folder.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sharedsegment::engine {

/// A registry: the place of the names. A value that is handed down to all that look up, create or list; the folder need
/// not exist yet. Thread-safe.
class SHAREDSEGMENTENGINE_EXPORT Registry
{
public:
    explicit Registry(os::FolderLocation location)
        : m_location(std::move(location))
    {
    }
    /// The registry that the environment names at this moment: the default.
    static Registry ofEnvironment() { return Registry(os::FolderLocation::ofEnvironment()); }
    /// The registry in the folder `path`.
    static Registry at(std::string path) { return Registry(os::FolderLocation::given(std::move(path))); }

    const std::string &path() const { return m_location.path; }

    /// Opens the folder. @returns NotFound when it does not exist; PermissionDenied when it is not private.
    Result<RegistryFolder> open() const;
    /// Opens the folder, and creates it if necessary.
    Result<RegistryFolder> create() const;

    /// Whether the name has a living owner. @returns an error when that cannot be determined.
    Result<bool> exists(std::string_view name) const;
    /// The names with living owners, sorted. See RegistryFolder::names().
    Result<std::vector<std::string>> names(Error *unseen = nullptr) const;
    /// The same with what their records say. See RegistryFolder::records().
    Result<std::vector<ListedRecord>> records(Error *unseen = nullptr) const;

    /// Watches the living owner of a name for its end. Check the owner again after this call.
    /// @returns NotFound when the name has no owner or belongs to this process; another error when its owner cannot be
    /// watched: it is in another pid namespace, or just ending.
    Result<OwnerWatch> watchOwnerOf(std::string_view name) const;

private:
    os::FolderLocation m_location;
};

} // namespace sharedsegment::engine
