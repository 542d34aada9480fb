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

std::string messageOfSystem(int number)
{
    return std::generic_category().message(number);
}

} // namespace sharedsegment
