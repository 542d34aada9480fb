// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "backend.h"
#include "error.h"
#include "handle.h"
#include "mapping.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sharedsegment::os {

/// Memory that another library created: a named object or a descriptor that the library handed over. Owns its own
/// handle or view of the object; the object itself belongs to its creator.
///
/// Copies bytes with system calls: when another process truncates the memory, the copy fails instead of killing this
/// process.
class SHAREDSEGMENTENGINE_EXPORT ExternalMemory
{
public:
    /// Opens the object of this name. The leading slash that the system requires is optional.
    /// @returns InvalidName, NotFound, or PermissionDenied.
    static Result<ExternalMemory> open(const std::string &name, Access access);

    /// Duplicates `native` and shares the memory behind it. The caller keeps its own handle.
    /// @returns Unsupported if `native` is not memory, PermissionDenied if it does not allow `access`.
    static Result<ExternalMemory> share(Handle::Native native, Access access);

    /// The current size in bytes, as the system reports it.
    Result<std::uint64_t> size() const;

    /// Copies `to.size()` bytes, starting at `offset`. @returns Corrupt if the memory has become too small.
    Status read(std::span<std::byte> to, std::uint64_t offset) const;
    /// Copies `from` into the memory, starting at `offset`. Never enlarges the memory.
    Status write(std::span<const std::byte> from, std::uint64_t offset) const;

    /// Maps the first `size` bytes. Unlike read() and write(), the mapping has no protection against truncation.
    Result<Mapping> map(std::uint64_t size, Access access) const;

    /// Whether the name still leads to this object; always true for an object without a name.
    bool isLinked() const;

    /// The backend that matches this memory.
    Backend backend() const;

    /// The name for messages: the object's name, or a description of a descriptor.
    const std::string &name() const { return m_name; }
    bool hasName() const { return m_hasName; }

private:
    ExternalMemory(Handle handle, std::string name, bool hasName)
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
