// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "support_win32.h"

namespace sharedsegment {

ErrorCode codeOfSystem(int number)
{
    switch (number) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        return ErrorCode::NotFound;
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
        return ErrorCode::AlreadyExists;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_WRITE_PROTECT:
    case ERROR_PRIVILEGE_NOT_HELD:
        return ErrorCode::PermissionDenied;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
    case ERROR_COMMITMENT_LIMIT:
    case ERROR_NO_SYSTEM_RESOURCES:
        return ErrorCode::OutOfMemory;
    case ERROR_CALL_NOT_IMPLEMENTED:
    case ERROR_NOT_SUPPORTED:
        return ErrorCode::Unsupported;
    default:
        return ErrorCode::SystemError;
    }
}

bool isOutOfDescriptors(const Error &error)
{
    return error.system == ERROR_TOO_MANY_OPEN_FILES;
}

bool hidesRecords(const Error &error)
{
    switch (error.system) {
    case ERROR_TOO_MANY_OPEN_FILES:
    case ERROR_NO_SYSTEM_RESOURCES:
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_WRITE_PROTECT:
        return true;
    default: // A record in the middle of its removal gives "access denied", too.
        return false;
    }
}

std::string_view remedyOfSystem(int number)
{
    switch (number) {
    case ERROR_TOO_MANY_OPEN_FILES:
    case ERROR_NO_SYSTEM_RESOURCES:
        return "close some handles of this program, or end programs that have many";
    case ERROR_WRITE_PROTECT:
        return "make its volume writable, or set SHAREDSEGMENT_DIR to a folder on another one";
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD:
        return "check who owns it and who may use it";
    case ERROR_SHARING_VIOLATION:
        return "close it in the program that has it open";
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        return "it may just have gone; try again";
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
        return "remove what has the name";
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_COMMITMENT_LIMIT:
        return "ask for less, or end programs that take much memory";
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
        return "free space on its volume, or ask for less";
    case ERROR_CANT_ACCESS_FILE:
        return "remove what is in its place";
    default:
        return "see what \"sharedsegment doctor\" finds";
    }
}

std::string messageOfSystem(int number)
{
    wchar_t text[512];
    const DWORD size = ::FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, nullptr,
                                        static_cast<DWORD>(number), 0, text, static_cast<DWORD>(std::size(text)),
                                        nullptr);
    std::wstring_view message(text, size);
    // The system's message is a sentence with a line end; strip both, because the caller embeds it in a sentence.
    message = message.substr(0, message.find_last_not_of(L".\r\n ") + 1);
    return message.empty() ? "error " + std::to_string(number) : os::fromWide(message);
}

} // namespace sharedsegment
