// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <windows.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

/// Helpers shared by the Windows source files of this layer. Outside of them all text is UTF-8.
namespace sharedsegment::os {

std::wstring toWide(std::string_view text);
std::string fromWide(std::wstring_view text);

/// Converts a path for the wide functions, at any length: absolute, with the prefix `\\?\`.
std::wstring toWidePath(const std::string &path);

/// The name of the kernel object that replaces a file `.<instance>.<what>` of the registry folder:
/// `Local\SharedSegment.<instance>.<what>`.
std::wstring kernelObjectName(const std::string &path);

/// Security attributes that give the current user alone access to an object or file.
SECURITY_ATTRIBUTES *currentUserSecurity();
/// Like currentUserSecurity(), but read-only: the creator keeps its own writable handle, and no process gets another
/// one.
PSECURITY_DESCRIPTOR currentUserReadOnlySecurity();
/// The current user's security identifier. Lives until the process ends.
PSID currentUser();

inline HANDLE handleOf(Handle::Native native)
{
    return reinterpret_cast<HANDLE>(native);
}

/// Takes ownership of a handle that a call returned. If it is invalid, GetLastError() still returns that call's error.
inline Handle owned(HANDLE handle)
{
    return Handle(reinterpret_cast<Handle::Native>(handle), ForkBarrier());
}

/// Opens a process. A record's number that does not fit would become another process's.
inline Handle openProcess(DWORD access, std::uint64_t pid)
{
    if (pid > MAXDWORD) {
        ::SetLastError(ERROR_INVALID_PARAMETER);
        return {};
    }
    return owned(::OpenProcess(access, FALSE, static_cast<DWORD>(pid)));
}

inline Error lastError(std::string_view operation, std::string_view object, std::string_view remedy = {})
{
    return systemError(operation, object, static_cast<int>(::GetLastError()), remedy);
}

/// Repeats `call` for a moment while it fails for a temporary reason: another process is renaming or deleting the file,
/// or a scanner reads it.
template<typename Call>
bool retryOnSharingViolation(Call call)
{
    constexpr int Tries = 50;
    for (int tries = 1;; ++tries) {
        if (call())
            return true;
        const DWORD number = ::GetLastError();
        const bool passes = number == ERROR_ACCESS_DENIED || number == ERROR_SHARING_VIOLATION
                         || number == ERROR_DELETE_PENDING || number == ERROR_LOCK_VIOLATION;
        if (!passes || tries == Tries)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        ::SetLastError(number);
    }
}

} // namespace sharedsegment::os
