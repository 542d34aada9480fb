// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "error.h"

#include <cerrno>
#include <system_error>

namespace sharedsegment {

namespace {

ErrorCode codeOf(int number)
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

} // namespace

Error systemError(std::string_view operation, std::string_view object, int number)
{
    std::string text(operation);
    if (!object.empty())
        text.append(" \"").append(object).append("\"");
    text.append(" failed: ").append(std::generic_category().message(number));
    return {codeOf(number), std::move(text), number};
}

} // namespace sharedsegment
