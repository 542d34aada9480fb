// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "support_win32.h"

#include <sddl.h>

#include <vector>

namespace sharedsegment::os {

namespace {

/// Creates a security descriptor from text in the security descriptor definition language. It lives until the process
/// ends.
PSECURITY_DESCRIPTOR descriptorFor(std::wstring_view rights)
{
    wchar_t *sid = nullptr;
    if (::ConvertSidToStringSidW(currentUser(), &sid) == 0)
        return nullptr;
    const std::wstring user = sid;
    ::LocalFree(sid);
    // P (protected): the folder above passes on no entries.
    const std::wstring text = L"O:" + user + L"D:P(A;;" + std::wstring(rights) + L";;;" + user + L")";
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    ::ConvertStringSecurityDescriptorToSecurityDescriptorW(text.c_str(), SDDL_REVISION_1, &descriptor, nullptr);
    return descriptor;
}

} // namespace

std::wstring toWide(std::string_view text)
{
    const int size = static_cast<int>(text.size());
    const int count = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(count), L'\0');
    ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, wide.data(), count);
    return wide;
}

std::string fromWide(std::wstring_view text)
{
    const int size = static_cast<int>(text.size());
    const int count = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, nullptr, 0, nullptr, nullptr);
    std::string narrow(static_cast<std::size_t>(count), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, narrow.data(), count, nullptr, nullptr);
    return narrow;
}

std::wstring toWidePath(const std::string &path)
{
    const std::wstring given = toWide(path);
    const DWORD size = ::GetFullPathNameW(given.c_str(), 0, nullptr, nullptr);
    std::wstring whole(size, L'\0');
    whole.resize(::GetFullPathNameW(given.c_str(), size, whole.data(), nullptr));
    if (whole.starts_with(L"\\\\?\\") || whole.starts_with(L"\\\\.\\"))
        return whole;
    if (whole.starts_with(L"\\\\"))
        return L"\\\\?\\UNC" + whole.substr(1);
    return L"\\\\?\\" + whole;
}

std::wstring kernelObjectName(const std::string &path)
{
    return L"Local\\SharedSegment" + toWide(path.substr(path.find_last_of('/') + 1));
}

PSID currentUser()
{
    static const std::vector<std::byte> user = [] {
        HANDLE token = nullptr;
        std::vector<std::byte> bytes;
        if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &token) == 0)
            return bytes;
        DWORD size = 0;
        ::GetTokenInformation(token, TokenUser, nullptr, 0, &size);
        bytes.resize(size);
        if (::GetTokenInformation(token, TokenUser, bytes.data(), size, &size) == 0)
            bytes.clear();
        ::CloseHandle(token);
        return bytes;
    }();
    return user.empty() ? nullptr : reinterpret_cast<const TOKEN_USER *>(user.data())->User.Sid;
}

SECURITY_ATTRIBUTES *currentUserSecurity()
{
    static SECURITY_ATTRIBUTES attributes = {sizeof(SECURITY_ATTRIBUTES), descriptorFor(L"GA"), FALSE};
    return &attributes;
}

PSECURITY_DESCRIPTOR currentUserReadOnlySecurity()
{
    static PSECURITY_DESCRIPTOR const descriptor = descriptorFor(L"GR");
    return descriptor;
}

} // namespace sharedsegment::os
