// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"
#include "mapping.h"
#include "memory.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sharedsegment::os {

/// Memory that another library made, as this system shares it: an object with a name, or a descriptor that was handed over. Owns
/// its own handle of it; the object itself stays with who made it.
///
/// Its bytes are copied by calls of the system: where another process cuts the memory short, a copy fails and nobody is killed.
class ForeignMemory
{
public:
    /// Opens the object with this name, which may be given without the leading slash that the system wants.
    /// @returns InvalidName, NotFound, or PermissionDenied.
    static Result<ForeignMemory> open(const std::string &name, Access access);

    /// Shares what `native` leads to; the caller keeps theirs.
    /// @returns Unsupported if that is no memory, PermissionDenied if it may not be used with `access`.
    static Result<ForeignMemory> share(Handle::Native native, Access access);

    /// In bytes, as the system says it now.
    Result<std::uint64_t> size() const;

    /// Copies `to.size()` bytes from `offset` on. @returns Corrupt if the memory no longer has them.
    Status read(std::span<std::byte> to, std::uint64_t offset) const;
    /// The other way. The memory never grows by it.
    Status write(std::span<const std::byte> from, std::uint64_t offset) const;

    /// A view of the first `size` bytes. It does not have the protection that read() and write() have.
    Result<Mapping> map(std::uint64_t size, Access access) const;

    /// Whether the name still leads to this object; true for one that came without a name.
    bool isInPlace() const;

    /// The kind of kernel memory that it is.
    Backend backend() const;

    /// For people: the object's name, or words for a descriptor.
    const std::string &name() const { return m_name; }
    bool hasName() const { return m_hasName; }

private:
    ForeignMemory(Handle handle, std::string name, bool hasName)
        : m_handle(std::move(handle))
        , m_name(std::move(name))
        , m_hasName(hasName)
    {
    }

    Handle m_handle;
    Mapping m_view; ///< Windows
    std::string m_name;
    bool m_hasName;
};

} // namespace sharedsegment::os
