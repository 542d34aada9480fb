// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"
#include "mapping.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sharedsegment::os {

/// The kinds of kernel memory, with the numbers that records hold.
enum class Backend : std::uint32_t { Automatic = 0, Memfd = 1, Posix = 2, Win32 = 3 };

/// Who may write to a memory besides the process that made it.
enum class Sharing { SingleWriter, ManyWriters };

/// Where a memory is to be found, as a record says it.
struct MemoryLocation
{
    Backend backend = Backend::Automatic;
    std::uint64_t pid = 0;        ///< memfd: the process that holds it
    std::int64_t descriptor = -1; ///< memfd: its number there
    std::string object;           ///< posix, win32: the name of the kernel object
};

/// A kernel memory object: created or opened, mapped, sealed. Owns the handle; mappings outlive it.
class Memory
{
public:
    /// The backends that this system has and lets this process use, the preferred one first.
    static const std::vector<Backend> &backends();

    /// @returns Unsupported where the system has no such backend or, saying why, does not let this process use it.
    static Status checkUsable(Backend backend);

    /// The kernel's name for the memory of the instance with these hexadecimal digits; empty where memory has no name.
    static std::string objectName(Backend backend, const std::string &instanceHex);

    /// Makes a zero-filled memory of exactly `size` bytes that cannot fail later for want of space.
    /// @returns OutOfMemory when the system cannot give that much, Unsupported when it has no such backend; then nothing is left behind.
    static Result<Memory> create(Backend backend, const std::string &object, std::uint64_t size);

    /// Opens the memory at `location` and makes sure that it is of the kind, the sharing and the size it should have.
    /// @returns NotFound when there is none (any more), PermissionDenied or Unsupported, naming the remedy, when it cannot be reached.
    static Result<Memory> open(const MemoryLocation &location, Access access, Sharing sharing, std::uint64_t size);

    /// Takes the name of the memory away, if it has one. Those who have mapped it keep it.
    static void remove(const MemoryLocation &location);

    Result<Mapping> map(Access access) const;

    /// From here on nobody can change the size and, for a single writer, nobody can make another writable mapping.
    /// Does nothing where the system has no seals.
    Status seal(Sharing sharing) const;

    Handle::Native native() const { return m_handle.native(); }
    Backend backend() const { return m_backend; }

private:
    friend class MemoryBackend;
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
