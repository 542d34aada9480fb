// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "folder.h"

#include <utility>

namespace sharedsegment::os {

FolderLocation FolderLocation::given(std::string path)
{
    // A trailing slash would make the system follow a link.
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return {std::move(path), true, true};
}

Status Folder::checkPath(const FolderLocation &location)
{
    const std::string &path = location.path;
    const std::size_t nul = path.find('\0');
    if (nul == std::string::npos)
        return {};
    return refused({path.substr(0, nul), location.isNamed, location.isGiven}, "has a path with a NUL",
                   "leave the NUL out");
}

Result<Folder> Folder::create(const FolderLocation &location)
{
    if (Status isPath = checkPath(location); !isPath)
        return isPath.error();
    Status status = check(location);
    if (!status && status.error().code == ErrorCode::NotFound) {
        if (Status made = make(location.path); !made)
            return made.error();
        // Another process may have created it, or this process with fewer permissions than requested.
        status = check(location);
    }
    if (!status)
        return status.error();
    return Folder(location.path);
}

Result<Folder> Folder::open(const FolderLocation &location)
{
    if (Status isPath = checkPath(location); !isPath)
        return isPath.error();
    if (Status status = check(location); !status)
        return status.error();
    return Folder(location.path);
}

Error Folder::refused(const FolderLocation &location, const std::string &problem, const std::string &remedy)
{
    return {ErrorCode::PermissionDenied, "the registry folder \"" + location.path + "\" " + problem + "; "
                                             + (location.isGiven   ? "give a folder of its own"
                                                : location.isNamed ? "set SHAREDSEGMENT_DIR to a folder of its own"
                                                                   : remedy)};
}

} // namespace sharedsegment::os
