// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"

#include <string>
#include <vector>

namespace sharedsegment::os {

/// Where a registry folder lies, whether or not it exists.
struct SHAREDSEGMENTENGINE_EXPORT FolderLocation
{
    std::string path;
    /// Whether a person chose the path: it may then be any folder, such as "/", and no text suggests to change it.
    bool isNamed = false;
    /// Whether the caller named it, and not the environment.
    bool isGiven = false;

    /// The place by the rules of this system: SHAREDSEGMENT_DIR, or the default.
    static FolderLocation ofEnvironment();
    /// The place that a caller names.
    static FolderLocation given(std::string path);
};

/// A registry folder: contains records and doorbells, and is private to the user.
///
/// A value class that holds a checked path. The folder outlives it and may be removed or replaced at any time.
class SHAREDSEGMENTENGINE_EXPORT Folder
{
public:
    /// Creates the folder if necessary, and checks that it is private and belongs to this user.
    /// @returns PermissionDenied, with the problem and the remedy.
    static Result<Folder> create(const FolderLocation &location);

    /// Like create(), but never creates the folder. @returns NotFound when it does not exist.
    static Result<Folder> open(const FolderLocation &location);

    const std::string &path() const { return m_path; }
    std::string pathOf(const std::string &file) const { return m_path + '/' + file; }
    /// The names of all entries of the folder. @returns the system's error.
    Result<std::vector<std::string>> files() const;

private:
    explicit Folder(std::string path)
        : m_path(std::move(path))
    {
    }

    /// Checks that the path is one: the system would take the part before a NUL.
    static Status checkPath(const FolderLocation &location);
    /// Checks that a folder lies there, is private, and is owned by this user. @returns NotFound when nothing exists there.
    static Status check(const FolderLocation &location);
    /// The error of check().
    /// @param remedy how to repair a folder at the default place
    static Error refused(const FolderLocation &location, const std::string &problem, const std::string &remedy);
    /// Creates the folder. Succeeds when another process has created it in the meantime.
    static Status make(const std::string &path);

    std::string m_path;
};

} // namespace sharedsegment::os
