// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"

#include <string>
#include <vector>

namespace sharedsegment::os {

/// The registry folder: the place where records and doorbells lie, private to the user.
class Folder
{
public:
    /// Where the folder is by the rules of this system, whether it is there or not.
    static std::string location();

    /// Makes sure that the folder is there, private and ours. @returns PermissionDenied, naming what is wrong and the remedy.
    static Result<Folder> create();

    /// The same without making it. @returns NotFound where there is none.
    static Result<Folder> open();

    const std::string &path() const { return m_path; }
    std::string pathOf(const std::string &file) const { return m_path + '/' + file; }
    Result<std::vector<std::string>> files() const;

private:
    explicit Folder(std::string path)
        : m_path(std::move(path))
    {
    }

    /// Whether what lies there is a folder, private and ours. @returns NotFound where there is nothing.
    static Status check(const std::string &path);
    /// The error of check(). @param remedy what to do about a folder at the default place; one that somebody named may be any, such as
    /// "/", and nothing is said that would change it.
    static Error refused(const std::string &path, const std::string &problem, const std::string &remedy);
    /// Whether somebody named it, and it is not at the default place.
    static bool isNamed();
    /// Makes it; one that is there meanwhile is no failure.
    static Status make(const std::string &path);

    std::string m_path;
};

} // namespace sharedsegment::os
