// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "externalmemory.h"

#include "memory_win32.h"
#include "support_win32.h"

namespace sharedsegment::os {

// A named object is held by a view alone: an open handle would keep the name after its owner's end and block the next
// owner.

namespace {

constexpr const char *Nameless = "memory behind a handle";

DWORD rightsFor(Access access)
{
    return FILE_MAP_READ | (access == Access::ReadWrite ? FILE_MAP_WRITE : 0);
}

Handle openNamed(const std::string &name, Access access)
{
    return owned(::OpenFileMappingW(rightsFor(access), FALSE, toWide(name).c_str()));
}

} // namespace

Result<ExternalMemory> ExternalMemory::open(const std::string &name, Access access)
{
    if (name.empty() || name.size() > MAX_PATH || name.find('\0') != name.npos)
        return Error{ErrorCode::InvalidName,
                     "\"" + name
                         + "\" names no file mapping; give a name such as \"wnsm_21467\" or \"Local\\station\""};
    const Handle handle = openNamed(name, access);
    if (!handle.isValid()) {
        const bool isMissing = ::GetLastError() == ERROR_FILE_NOT_FOUND;
        return lastError("opening the file mapping", name,
                         isMissing ? "check the name, or start the program that makes it" : "");
    }
    Result<Mapping> view = mapSection(handle.native(), 1, access, name);
    if (!view)
        return view.error();
    ExternalMemory memory(Handle(), name, true);
    memory.m_view = std::move(*view);
    return memory;
}

Result<ExternalMemory> ExternalMemory::share(Handle::Native native, Access access)
{
    const std::string what = "handle " + std::to_string(native);
    HANDLE copy = nullptr;
    if (::DuplicateHandle(::GetCurrentProcess(), handleOf(native), ::GetCurrentProcess(), &copy, 0, FALSE,
                          DUPLICATE_SAME_ACCESS)
        == 0)
        return lastError("duplicating", what);
    Handle handle = owned(copy);
    Result<Mapping> view = mapSection(handle.native(), 1, access, Nameless);
    if (!view) {
        Error error = view.error();
        if (error.system == ERROR_INVALID_HANDLE)
            error = {ErrorCode::Unsupported, what + " is no memory; give that of a file mapping", error.system};
        return error;
    }
    ExternalMemory memory(std::move(handle), Nameless, false);
    memory.m_view = std::move(*view);
    return memory;
}

Result<std::uint64_t> ExternalMemory::size() const
{
    // The size is rounded up to whole pages: only the owner knows the exact number of bytes.
    MEMORY_BASIC_INFORMATION info = {};
    if (::VirtualQuery(m_view.data(), &info, sizeof info) == 0)
        return lastError("examining", m_name);
    return info.RegionSize;
}

Status ExternalMemory::read(std::span<std::byte> to, std::uint64_t offset) const
{
    const Result<std::uint64_t> size = this->size();
    if (!size)
        return size.error();
    // Behind the view, any other memory of this process may lie.
    if (offset > *size || to.size() > *size - offset)
        return Error{ErrorCode::Corrupt,
                     "\"" + m_name + "\" has " + std::to_string(*size) + " bytes; have its owner make it again"};
    if (to.empty())
        return {};
    // Not a plain copy: accessing a mapped file fails when the file's medium fails.
    if (::ReadProcessMemory(::GetCurrentProcess(), m_view.data() + offset, to.data(), to.size(), nullptr) == 0)
        return Error{ErrorCode::Corrupt, lastError("reading", m_name).text};
    return {};
}

Status ExternalMemory::write(std::span<const std::byte> from, std::uint64_t offset) const
{
    const Result<std::uint64_t> size = this->size();
    if (!size)
        return size.error();
    if (offset > *size || from.size() > *size - offset)
        return Error{ErrorCode::Corrupt, "\"" + m_name + "\" has no room for that; have its owner make it again"};
    if (from.empty())
        return {};
    if (::WriteProcessMemory(::GetCurrentProcess(), m_view.data() + offset, from.data(), from.size(), nullptr) == 0)
        return lastError("writing to", m_name);
    return {};
}

Result<Mapping> ExternalMemory::map(std::uint64_t size, Access access) const
{
    if (!m_hasName)
        return mapSection(m_handle.native(), size, access, m_name);
    const Handle handle = openNamed(m_name, access);
    if (!handle.isValid())
        return lastError("opening the file mapping", m_name);
    return mapSection(handle.native(), size, access, m_name);
}

Backend ExternalMemory::backend() const
{
    return Backend::Win32;
}

bool ExternalMemory::isLinked() const
{
    // An object that was released and created again since the last check counts as the same object.
    return !m_hasName || openNamed(m_name, Access::ReadOnly).isValid() || ::GetLastError() != ERROR_FILE_NOT_FOUND;
}

} // namespace sharedsegment::os
