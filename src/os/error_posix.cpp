// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "error.h"

#include <cerrno>
#include <system_error>

namespace sharedsegment {

ErrorCode codeOfSystem(int number)
{
    switch (number) {
    case ENOENT:
    case ESRCH:
        return ErrorCode::NotFound;
    case EEXIST:
        return ErrorCode::AlreadyExists;
    case EACCES:
    case EPERM:
    case EROFS:
        return ErrorCode::PermissionDenied;
    case ENOMEM:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ErrorCode::OutOfMemory;
    case ENOSYS:
    case EOPNOTSUPP:
        return ErrorCode::Unsupported;
    default:
        return ErrorCode::SystemError;
    }
}

bool isOutOfDescriptors(const Error &error)
{
    return error.system == EMFILE || error.system == ENFILE;
}

bool hidesRecords(const Error &error)
{
    switch (error.system) {
    case EACCES:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EPERM:
    case EROFS:
        return true;
    default:
        return false;
    }
}

std::string messageOfSystem(int number)
{
    return std::generic_category().message(number);
}

std::string_view remedyOfSystem(int number)
{
    switch (number) {
    case EMFILE:
        return "close some of this program's files, or raise its limit with \"ulimit -n\"";
    case ENFILE:
        return "end programs that have many files open, or raise the system's limit, which on Linux is fs.file-max";
    case EROFS:
        return "make its file system writable, or set SHAREDSEGMENT_DIR to a folder on another one";
    case EACCES:
    case EPERM:
        return "check its owner and its mode, and what a sandbox forbids";
    case ENOENT:
    case ESRCH:
        return "it may just have gone; try again";
    case ENOTDIR:
        return "correct the path, a part of which is no folder";
    case ELOOP:
    case EMLINK: // FreeBSD returns this for a link that must not be followed.
        return "remove the symbolic link that is in its place";
    case EISDIR:
        return "remove the folder that is in its place";
    case ENXIO:
    case ENODEV:
        return "remove the socket or device that is in its place";
    case EEXIST:
        return "remove what has the name";
    case ENAMETOOLONG:
        return "use a shorter path";
    case ENOMEM:
        return "ask for less, or end programs that take much memory";
    case ENOSPC:
    case EDQUOT:
        return "free space on its file system, or ask for less";
    case EFBIG:
        return "ask for less";
    default:
        return "see what \"sharedsegment doctor\" finds";
    }
}

} // namespace sharedsegment
