// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "sharedsegmentengine_export.h"

#include "error.h"
#include "handle.h"
#include "mapping.h"
#include "memorylocation.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sharedsegment::os {

/// A kernel memory object: created or opened, mapped, sealed. Owns the handle; mappings outlive the object. Does not
/// own the name: remove() deletes the name explicitly. Move-only, not thread-safe.
class SHAREDSEGMENTENGINE_EXPORT Memory
{
public:
    /// The backends that this system provides and allows this process to use, in order of preference.
    static const std::vector<Backend> &backends();

    /// @returns Unsupported when the system lacks the backend or, with the reason, denies it to this process.
    static Status checkUsable(Backend backend);

    /// The kernel's name for the memory of an instance (in hexadecimal digits); empty for backends without names.
    static std::string objectName(Backend backend, const std::string &instanceHex);

    /// Creates a zero-filled memory of exactly `size` bytes. Reserves the space now, so that later accesses cannot fail
    /// for lack of it.
    /// @returns OutOfMemory when the system cannot provide that much, Unsupported when it lacks the backend. Leaves
    /// nothing behind on failure.
    static Result<Memory> create(Backend backend, const std::string &object, std::uint64_t size);

    /// Opens the memory at `location` and checks its kind, sharing and size.
    /// @returns NotFound when the memory does not exist (any more); PermissionDenied or Unsupported, with the remedy,
    /// when it is out of reach.
    static Result<Memory> open(const MemoryLocation &location, Access access, Sharing sharing, std::uint64_t size);

    /// Removes the memory's name, if it has one. Existing mappings stay valid.
    static void remove(const MemoryLocation &location);

    /// Maps the whole memory. The mapping stays valid after this object's end.
    Result<Mapping> map(Access access) const;

    /// Fixes the size for all processes. With a single writer, also prevents all processes from creating another
    /// writable mapping. Does nothing on systems without seals.
    Status seal(Sharing sharing) const;

    Handle::Native native() const { return m_handle.native(); }
    Backend backend() const { return m_backend; }

private:
    Memory(Backend backend, Handle handle, std::uint64_t size)
        : m_handle(std::move(handle))
        , m_backend(backend)
        , m_size(size)
    {
    }

    Handle m_handle;
    Backend m_backend;
    std::uint64_t m_size;
};

} // namespace sharedsegment::os
