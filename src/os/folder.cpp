// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "folder.h"

namespace sharedsegment::os {

Result<Folder> Folder::create()
{
    const std::string path = location();
    Status status = check(path);
    if (!status && status.error().code == ErrorCode::NotFound) {
        if (Status made = make(path); !made)
            return made.error();
        // Another process may have created it, or this process with fewer permissions than requested.
        status = check(path);
    }
    if (!status)
        return status.error();
    return Folder(path);
}

Result<Folder> Folder::open()
{
    const std::string path = location();
    if (Status status = check(path); !status)
        return status.error();
    return Folder(path);
}

Error Folder::refused(const std::string &path, const std::string &problem, const std::string &remedy)
{
    return {ErrorCode::PermissionDenied, "the registry folder \"" + path + "\" " + problem + "; "
                                             + (isNamed() ? "set SHAREDSEGMENT_DIR to a folder of its own" : remedy)};
}

} // namespace sharedsegment::os
