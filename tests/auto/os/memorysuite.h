// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "suite.h"

#include "os/memory.h"
#include "os/system.h"

#include <cstdint>
#include <cstdio>
#include <optional>
#include <utility>

/// Memory of each backend, for the suites of os/memory.h.
namespace memorysuite {

using namespace sharedsegment;
using namespace sharedsegment::os;

constexpr std::uint64_t Size = 70'000;

inline const char *nameOf(Backend backend)
{
    switch (backend) {
    case Backend::Memfd:
        return "memfd";
    case Backend::Posix:
        return "posix";
    case Backend::Win32:
        return "win32";
    case Backend::Automatic:
        break;
    }
    return "automatic";
}

/// Whether the backend's memory has a name in the system.
inline bool hasNames(Backend backend)
{
    return backend != Backend::Memfd;
}

/// Whether seal() has an effect.
inline bool hasSeals(Backend backend)
{
    return backend != Backend::Posix;
}

inline void forEachBackend(void (*test)(Backend))
{
    CHECK(!Memory::backends().empty());
    for (const Backend backend : Memory::backends()) {
        const int before = check::counts.failures;
        test(backend);
        if (check::counts.failures != before)
            std::fprintf(stderr, "... with the backend %s\n", nameOf(backend));
    }
}

/// A memory with its location. The destructor removes the name.
struct Created
{
    std::optional<Memory> memory;
    MemoryLocation location;

    Created() = default;
    Created(Created &&) = default;
    ~Created() { Memory::remove(location); }
};

inline Created create(Backend backend, std::uint64_t size = Size)
{
    Created created;
    created.location.backend = backend;
    created.location.pid = processId();
    created.location.object = Memory::objectName(backend, suite::freshInstance());
    Result<Memory> memory = Memory::create(backend, created.location.object, size);
    if (!CHECK_OK(memory))
        return created;
    created.memory = *std::move(memory);
    created.location.descriptor = created.memory->native();
    return created;
}

} // namespace memorysuite
