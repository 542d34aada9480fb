// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "folder.h"

#include "support_win32.h"

#include <aclapi.h>
#include <shlobj.h>

#include <algorithm>

namespace sharedsegment::os {

namespace {

std::string environment(const wchar_t *name)
{
    std::wstring value(::GetEnvironmentVariableW(name, nullptr, 0), L'\0');
    value.resize(::GetEnvironmentVariableW(name, value.data(), static_cast<DWORD>(value.size())));
    return fromWide(value);
}

std::string defaultLocation()
{
    wchar_t *local = nullptr;
    std::wstring folder;
    if (::SHGetKnownFolderPath(FOLDERID_LocalAppData, 0, nullptr, &local) == S_OK)
        folder = local;
    ::CoTaskMemFree(local);
    if (folder.empty()) {
        // The account has no profile.
        folder.resize(MAX_PATH + 1);
        folder.resize(::GetTempPathW(static_cast<DWORD>(folder.size()), folder.data()));
    }
    return fromWide(folder) + "/SharedSegment";
}

bool isKind(PSID sid, WELL_KNOWN_SID_TYPE kind)
{
    return ::IsWellKnownSid(sid, kind) != 0;
}

/// Whether access for `sid` is acceptable: the user, and accounts that control the machine anyway.
bool isTrustedAccount(PSID sid)
{
    return ::EqualSid(sid, currentUser()) != 0 || isKind(sid, WinLocalSystemSid)
        || isKind(sid, WinBuiltinAdministratorsSid) || isKind(sid, WinCreatorOwnerRightsSid);
}

bool isOpenToOthers(PACL list)
{
    if (!list)
        return true;
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void *entry = nullptr;
        if (::GetAce(list, i, &entry) == 0)
            return true;
        auto *const allowed = static_cast<ACCESS_ALLOWED_ACE *>(entry);
        // Inherit-only entries apply to files in the folder only, and the library's files have entries of their own.
        if (allowed->Header.AceType == ACCESS_DENIED_ACE_TYPE || (allowed->Header.AceFlags & INHERIT_ONLY_ACE) != 0)
            continue;
        if (allowed->Header.AceType != ACCESS_ALLOWED_ACE_TYPE || !isTrustedAccount(&allowed->SidStart))
            return true;
    }
    return false;
}

} // namespace

FolderLocation FolderLocation::ofEnvironment()
{
    FolderLocation location;
    location.path = environment(L"SHAREDSEGMENT_DIR");
    location.isNamed = !location.path.empty();
    if (!location.isNamed)
        location.path = defaultLocation();
    std::string &path = location.path;
    std::replace(path.begin(), path.end(), '\\', '/');
    while (path.size() > 1 && path.ends_with('/') && !path.ends_with(":/"))
        path.pop_back();
    return location;
}

Status Folder::check(const FolderLocation &location)
{
    const std::string &path = location.path;
    const std::wstring wide = toWidePath(path);
    const DWORD attributes = ::GetFileAttributesW(wide.c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return lastError("examining the registry folder", path);
    if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
        return refused(location, "is a symbolic link or a mount point", "replace it by a folder");
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) == 0)
        return refused(location, "is not a folder", "remove it, or set SHAREDSEGMENT_DIR");
    PSID owner = nullptr;
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    const DWORD failure = ::GetNamedSecurityInfoW(wide.c_str(), SE_FILE_OBJECT,
                                                  OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner,
                                                  nullptr, &list, nullptr, &descriptor);
    if (failure != ERROR_SUCCESS)
        return systemError("examining the registry folder", path, static_cast<int>(failure));
    // Files that an administrator creates belong to the group of administrators.
    const bool isOfOthers = ::EqualSid(owner, currentUser()) == 0 && !isKind(owner, WinBuiltinAdministratorsSid);
    const bool isOpen = isOpenToOthers(list);
    ::LocalFree(descriptor);
    if (isOfOthers)
        return refused(location, "belongs to another user", "remove it, or set SHAREDSEGMENT_DIR");
    if (isOpen)
        return refused(location, "is open to other users",
                       "remove it, and it will be made anew, or run icacls on it with /inheritance:r and /grant:r for "
                       "yourself alone");
    return {};
}

Status Folder::make(const std::string &path)
{
    if (::CreateDirectoryW(toWidePath(path).c_str(), currentUserSecurity()) == 0
        && ::GetLastError() != ERROR_ALREADY_EXISTS)
        return lastError("making the registry folder", path);
    return {};
}

Result<std::vector<std::string>> Folder::files() const
{
    std::vector<std::string> names;
    WIN32_FIND_DATAW found;
    HANDLE search = ::FindFirstFileW((toWidePath(m_path) + L"\\*").c_str(), &found);
    if (search == INVALID_HANDLE_VALUE)
        return lastError("looking through the registry folder", m_path);
    do
        names.push_back(fromWide(found.cFileName));
    while (::FindNextFileW(search, &found) != 0);
    ::FindClose(search);
    return names;
}

} // namespace sharedsegment::os
