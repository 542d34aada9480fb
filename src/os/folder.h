// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"

#include <string>
#include <vector>

namespace sharedsegment::os {

/// The registry folder: contains records and doorbells, and is private to the user.
///
/// A value class that holds a checked path. The folder outlives it and may be removed or replaced at any time.
class Folder
{
public:
    /// The folder's path by the rules of this system, whether or not the folder exists.
    static std::string location();

    /// Creates the folder if necessary, and checks that it is private and belongs to this user.
    /// @returns PermissionDenied, with the problem and the remedy.
    static Result<Folder> create();

    /// Like create(), but never creates the folder. @returns NotFound when it does not exist.
    static Result<Folder> open();

    const std::string &path() const { return m_path; }
    std::string pathOf(const std::string &file) const { return m_path + '/' + file; }
    /// The names of all entries of the folder. @returns the system's error.
    Result<std::vector<std::string>> files() const;

private:
    explicit Folder(std::string path)
        : m_path(std::move(path))
    {
    }

    /// Checks that `path` is a folder, private, and owned by this user. @returns NotFound when nothing exists there.
    static Status check(const std::string &path);
    /// The error of check().
    /// @param remedy how to repair the folder at the default place. A folder that the environment names may be any
    /// folder, such as "/"; then the text suggests no change to it.
    static Error refused(const std::string &path, const std::string &problem, const std::string &remedy);
    /// Whether SHAREDSEGMENT_DIR names the folder, so that it is not at the default place.
    static bool isNamed();
    /// Creates the folder. Succeeds when another process has created it in the meantime.
    static Status make(const std::string &path);

    std::string m_path;
};

} // namespace sharedsegment::os
