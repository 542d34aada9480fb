// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memory_win32.h"

#include "support_win32.h"
#include "system.h"

#include <limits>

namespace sharedsegment::os {

namespace {

constexpr std::string_view ObjectPrefix = "Local\\SharedSegment.";

class Win32Backend final : public MemoryBackend
{
public:
    Backend id() const override { return Backend::Win32; }

    std::string objectName(const std::string &instanceHex) const override
    {
        return std::string(ObjectPrefix) + instanceHex;
    }

    Result<Handle> create(const std::string &object, std::uint64_t size) const override
    {
        if (size > availableMemory(size))
            return Error{ErrorCode::OutOfMemory,
                         "the machine cannot give " + std::to_string(size) + " bytes; ask for a smaller size",
                         ERROR_COMMITMENT_LIMIT};
        // Committed at once: if the paging file is too small, this call fails and no later access does.
        Handle handle = owned(::CreateFileMappingW(INVALID_HANDLE_VALUE, currentUserSecurity(), PAGE_READWRITE,
                                                   static_cast<DWORD>(size >> 32), static_cast<DWORD>(size),
                                                   toWide(object).c_str()));
        if (!handle.isValid() || ::GetLastError() == ERROR_ALREADY_EXISTS)
            return lastError("making the memory", object);
        return handle;
    }

    Result<Handle> open(const MemoryLocation &location, Access access, Sharing, std::uint64_t) const override
    {
        // A record is untrusted input: open only names of the library's own form.
        if (!location.object.starts_with(ObjectPrefix))
            return Error{ErrorCode::Corrupt,
                         "\"" + location.object
                             + "\" is no name of a segment's memory; have its owner create it again"};
        const DWORD rights = FILE_MAP_READ | (access == Access::ReadWrite ? FILE_MAP_WRITE : 0);
        Handle handle = owned(::OpenFileMappingW(rights, FALSE, toWide(location.object).c_str()));
        if (!handle.isValid())
            return lastError("opening the memory", location.object);
        return handle;
    }

    // The name disappears with the owner's handle.
    void remove(const MemoryLocation &) const override { }

    Result<Mapping> map(const Handle &memory, std::uint64_t size, Access access) const override
    {
        return mapSection(memory.native(), size, access, "shared memory");
    }

    Status seal(const Handle &memory, Sharing sharing) const override
    {
        // The size is fixed already. The creator keeps writing through its existing mapping.
        if (sharing == Sharing::SingleWriter
            && ::SetKernelObjectSecurity(handleOf(memory.native()), DACL_SECURITY_INFORMATION,
                                         currentUserReadOnlySecurity())
                   == 0)
            return lastError("sealing", "shared memory");
        return {};
    }
};

} // namespace

Result<Mapping> mapSection(Handle::Native native, std::uint64_t size, Access access, const std::string &name)
{
    if (size > std::numeric_limits<std::size_t>::max())
        return Error{ErrorCode::OutOfMemory, "a program of this word size cannot map " + std::to_string(size)
                                                 + " bytes; ask for a smaller size"};
    const DWORD rights = FILE_MAP_READ | (access == Access::ReadWrite ? FILE_MAP_WRITE : 0);
    void *const address = ::MapViewOfFile(handleOf(native), rights, 0, 0, 0);
    if (!address)
        return lastError("mapping", name);
    // The size of the whole mapping in pages: the system does not report it in bytes.
    MEMORY_BASIC_INFORMATION info = {};
    ::VirtualQuery(address, &info, sizeof info);
    Mapping mapping(static_cast<std::byte *>(address), size);
    if (info.State != MEM_COMMIT || info.RegionSize < size)
        return Error{ErrorCode::Corrupt,
                     "the memory \"" + name + "\" has " + std::to_string(info.State == MEM_COMMIT ? info.RegionSize : 0)
                         + " bytes instead of " + std::to_string(size) + "; have its owner create it again"};
    return mapping;
}

const MemoryBackend &win32Backend()
{
    static constexpr Win32Backend backend;
    return backend;
}

} // namespace sharedsegment::os
