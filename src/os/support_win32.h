// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"

#include <windows.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

/// Small things that the Windows files of this room share. Text is UTF-8 everywhere outside of them.
namespace sharedsegment::os {

std::wstring toWide(std::string_view text);
std::string fromWide(std::wstring_view text);

/// A path as the wide functions take it whatever its length: whole, with `\\?\` before it.
std::wstring toWidePath(const std::string &path);

/// The kernel object that stands for a file `.<instance>.<what>` of the registry folder: `Local\SharedSegment.<instance>.<what>`.
std::wstring objectInPlaceOf(const std::string &path);

/// For objects and files that are the current user's alone.
SECURITY_ATTRIBUTES *onlyThisUser();
/// The same for reading alone: who made the object has its handle, and nobody gets another one to write with.
PSECURITY_DESCRIPTOR onlyThisUserReading();
/// The current user's security identifier. Lives for as long as the process.
PSID currentUser();

inline HANDLE handleOf(Handle::Native native)
{
    return reinterpret_cast<HANDLE>(native);
}

/// Owns what a call gave. Where that is nothing, GetLastError() still is the call's.
inline Handle owned(HANDLE handle)
{
    return Handle(reinterpret_cast<Handle::Native>(handle), ForkBarrier());
}

inline Error lastError(std::string_view operation, std::string_view object, std::string_view remedy = {})
{
    return systemError(operation, object, static_cast<int>(::GetLastError()), remedy);
}

/// Calls again for a moment while the failure is one that passes: another process is just renaming or deleting the file, or a
/// scanner looks at it.
template<typename Call>
bool untilUnhindered(Call call)
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
