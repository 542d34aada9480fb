// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "system.h"

#include "support_win32.h"

#include <bcrypt.h>

namespace sharedsegment::os {

std::uint64_t processId()
{
    return ::GetCurrentProcessId();
}

InstanceId randomId()
{
    InstanceId id;
    while (::BCryptGenRandom(nullptr, id.data(), static_cast<ULONG>(id.size()), BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0)
        ::Sleep(1);
    return id;
}

std::int64_t wallClock()
{
    FILETIME now;
    ::GetSystemTimePreciseAsFileTime(&now);
    // In units of 100 ns since 1601.
    constexpr std::int64_t Until1970 = 116'444'736'000'000'000;
    const auto ticks = static_cast<std::int64_t>((std::uint64_t(now.dwHighDateTime) << 32) | now.dwLowDateTime);
    return (ticks - Until1970) * 100;
}

std::uint64_t availableMemory(std::uint64_t)
{
    MEMORYSTATUSEX status = {};
    status.dwLength = sizeof status;
    return ::GlobalMemoryStatusEx(&status) != 0 ? status.ullAvailPageFile : ~std::uint64_t(0);
}

DescriptorLimit descriptorLimit()
{
    // The fixed limit of handles for each process. https://learn.microsoft.com/windows/win32/sysinfo/kernel-objects
    constexpr std::uint64_t Handles = std::uint64_t(1) << 24;
    return {Handles, Handles};
}

bool isEnding(std::uint64_t pid)
{
    const Handle process = openProcess(SYNCHRONIZE, pid);
    return process.isValid() && ::WaitForSingleObject(handleOf(process.native()), 0) == WAIT_OBJECT_0;
}

bool hasOpen(std::uint64_t, Handle::Native)
{
    return true;
}

Result<std::string> descriptorPathOf(std::uint64_t, const std::string &)
{
    return std::string(); // Other processes' handles have no path.
}

std::uint64_t lockHolder(Handle::Native, std::uint64_t)
{
    return 0;
}

bool hasMapped(std::uint64_t, const std::string &)
{
    return false;
}

std::uint64_t processOfThread(std::uint64_t)
{
    return 0;
}

std::string programName(std::uint64_t pid)
{
    const Handle process = openProcess(PROCESS_QUERY_LIMITED_INFORMATION, pid);
    std::wstring path(32768, L'\0');
    auto size = static_cast<DWORD>(path.size());
    if (!process.isValid() || ::QueryFullProcessImageNameW(handleOf(process.native()), 0, path.data(), &size) == 0)
        return {};
    path.resize(size);
    return fromWide(path.substr(path.find_last_of(L'\\') + 1));
}

} // namespace sharedsegment::os
