// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "error.h"
#include "handle.h"
#include "mapping.h"
#include "memorylocation.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sharedsegment::os {

/// The interface of one kind of kernel memory, which knows handles alone: Memory, which selects among the platform's backends, owns them.
/// Backends are stateless, shared by all threads, and live until the process ends.
class MemoryBackend
{
public:
    virtual Backend id() const = 0;
    virtual std::string objectName(const std::string &instanceHex) const = 0;
    /// Whether the system allows this process to create such memory. Checks once and remembers the result. @returns
    /// Unsupported if not.
    virtual Status checkUsable() const { return {}; }
    virtual Result<Handle> create(const std::string &object, std::uint64_t size) const = 0;
    virtual Result<Handle> open(const MemoryLocation &location, Access access, Sharing sharing,
                                std::uint64_t size) const = 0;
    virtual void remove(const MemoryLocation &location) const = 0;
    virtual Result<Mapping> map(const Handle &memory, std::uint64_t size, Access access) const = 0;
    virtual Status seal(const Handle &memory, Sharing sharing) const = 0;

protected:
    constexpr MemoryBackend() = default;
    ~MemoryBackend() = default; // Never destroyed: static owners need the backends until the process ends.
};

/// The platform's backends, in order of preference. Each platform defines this in its own file.
const std::vector<const MemoryBackend *> &memoryBackends();

} // namespace sharedsegment::os
