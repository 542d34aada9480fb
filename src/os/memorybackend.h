// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "memory.h"

namespace sharedsegment::os {

/// What each kind of kernel memory does its own way; Memory chooses among the ones that the platform lists.
class MemoryBackend
{
public:
    virtual Backend id() const = 0;
    virtual std::string objectName(const std::string &instanceHex) const = 0;
    /// Whether the system lets this process make such memory. Looks once. @returns Unsupported where it does not.
    virtual Status checkUsable() const { return {}; }
    virtual Result<Memory> create(const std::string &object, std::uint64_t size) const = 0;
    virtual Result<Memory> open(const MemoryLocation &location, Access access, Sharing sharing,
                                std::uint64_t size) const = 0;
    virtual void remove(const MemoryLocation &location) const = 0;
    virtual Result<Mapping> map(const Memory &memory, std::uint64_t size, Access access) const = 0;
    virtual Status seal(const Memory &memory, Sharing sharing) const = 0;

protected:
    constexpr MemoryBackend() = default;
    ~MemoryBackend() = default; // Each is there until the process ends: static owners need it until then.

    static Memory make(Backend backend, Handle handle, std::uint64_t size)
    {
        return Memory(backend, std::move(handle), size);
    }
};

/// The platform's backends, the preferred one first. Each platform has its own file for this.
const std::vector<const MemoryBackend *> &memoryBackends();

} // namespace sharedsegment::os
