// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "memory.h"

#include "lasting.h"
#include "memorybackend.h"

#include <utility>

namespace sharedsegment::os {

namespace {

const MemoryBackend *find(Backend backend)
{
    for (const MemoryBackend *candidate : memoryBackends()) {
        if (candidate->id() == backend)
            return candidate;
    }
    return nullptr;
}

const char *nameOf(Backend backend)
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
    return "unknown";
}

Error unsupported(Backend backend)
{
    return {ErrorCode::Unsupported, std::string("this system has no backend \"") + nameOf(backend)
                                        + "\"; use Automatic, which takes one that it has"};
}

} // namespace

const std::vector<Backend> &Memory::backends()
{
    static constinit Lasting<std::vector<Backend>> ids;
    return ids.get([] {
        std::vector<Backend> list;
        for (const MemoryBackend *backend : memoryBackends()) {
            if (backend->checkUsable())
                list.push_back(backend->id());
        }
        return list;
    });
}

Status Memory::checkUsable(Backend backend)
{
    const MemoryBackend *const own = find(backend);
    return own ? own->checkUsable() : unsupported(backend);
}

std::string Memory::objectName(Backend backend, const std::string &instanceHex)
{
    const MemoryBackend *const own = find(backend);
    return own ? own->objectName(instanceHex) : std::string();
}

Result<Memory> Memory::create(Backend backend, const std::string &object, std::uint64_t size)
{
    const MemoryBackend *const own = find(backend);
    if (!own)
        return unsupported(backend);
    Result<Handle> handle = own->create(object, size);
    if (!handle)
        return handle.error();
    return Memory(backend, std::move(*handle), size);
}

Result<Memory> Memory::open(const MemoryLocation &location, Access access, Sharing sharing, std::uint64_t size)
{
    const MemoryBackend *const own = find(location.backend);
    if (!own)
        return unsupported(location.backend);
    Result<Handle> handle = own->open(location, access, sharing, size);
    if (!handle)
        return handle.error();
    return Memory(location.backend, std::move(*handle), size);
}

void Memory::remove(const MemoryLocation &location)
{
    if (const MemoryBackend *const own = find(location.backend))
        own->remove(location);
}

Result<Mapping> Memory::map(Access access) const
{
    return find(m_backend)->map(m_handle, m_size, access);
}

Status Memory::seal(Sharing sharing) const
{
    return find(m_backend)->seal(m_handle, sharing);
}

} // namespace sharedsegment::os
