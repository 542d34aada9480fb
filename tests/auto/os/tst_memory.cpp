// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/memory.h within a process, for each backend of the system.

#include "memorysuite.h"

#include "os/externalmemory.h"

#include <algorithm>
#include <cstring>
#include <limits>

#ifndef _WIN32
#include "../../support/posixchild.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace memorysuite;

namespace {

bool isZero(const Mapping &mapping)
{
    return std::all_of(mapping.data(), mapping.data() + mapping.size(),
                       [](std::byte byte) { return byte == std::byte(0); });
}

void backends()
{
    forEachBackend([](Backend backend) { CHECK_OK(Memory::checkUsable(backend)); });
    for (const Backend backend :
         {Backend::Automatic, Backend(99), suite::IsWindows ? Backend::Posix : Backend::Win32}) {
        CHECK_ERROR(Memory::checkUsable(backend), ErrorCode::Unsupported);
        CHECK_ERROR(Memory::create(backend, "/ss-none", Size), ErrorCode::Unsupported);
        MemoryLocation location;
        location.backend = backend;
        CHECK_ERROR(Memory::open(location, Access::ReadOnly, Sharing::SingleWriter, Size), ErrorCode::Unsupported);
        CHECK_EQUAL(Memory::objectName(backend, suite::freshInstance()), "");
    }
}

void names()
{
    forEachBackend([](Backend backend) {
        const std::string one = suite::freshInstance();
        const std::string name = Memory::objectName(backend, one);
        CHECK_EQUAL(name, Memory::objectName(backend, one));
        CHECK_EQUAL(name.empty(), !hasNames(backend));
        if (!hasNames(backend))
            return;
        CHECK(name != Memory::objectName(backend, suite::freshInstance()));
        CHECK_LESS(name.size(), 64U); // A record has this many bytes for it.
        const Created first = create(backend);
        CHECK_ERROR(Memory::create(backend, first.location.object, Size), ErrorCode::AlreadyExists);
        // The failure has not removed the first one.
        CHECK_OK(Memory::open(first.location, Access::ReadOnly, Sharing::MultipleWriters, Size));
    });
}

void zeroFilledAndOfExactSize()
{
    forEachBackend([](Backend backend) {
        for (const std::uint64_t size : {std::uint64_t(1), std::uint64_t(4096), std::uint64_t(5000), Size}) {
            const Created created = create(backend, size);
            REQUIRE(created.memory.has_value());
            CHECK(created.memory->backend() == backend);
            for (const Access access : {Access::ReadOnly, Access::ReadWrite}) {
                const Result<Mapping> mapping = created.memory->map(access);
                REQUIRE(CHECK_OK(mapping));
                CHECK_EQUAL(mapping->size(), size);
                CHECK(isZero(*mapping));
            }
        }
        // An instance that gets the place of an old one is zero-filled, too.
        Created old = create(backend);
        REQUIRE(old.memory.has_value());
        std::memset(old.memory->map(Access::ReadWrite)->data(), 255, Size);
        Memory::remove(old.location);
        old.memory.reset();
        Result<Memory> again = Memory::create(backend, old.location.object, Size);
        REQUIRE(CHECK_OK(again));
        const Result<Mapping> mapping = again->map(Access::ReadOnly);
        REQUIRE(CHECK_OK(mapping));
        CHECK(isZero(*mapping));
    });
}

void mappings()
{
    forEachBackend([](Backend backend) {
        Created created = create(backend);
        REQUIRE(created.memory.has_value());
        const Result<Mapping> writing = created.memory->map(Access::ReadWrite);
        const Result<Mapping> second = created.memory->map(Access::ReadWrite);
        const Result<Mapping> reading = created.memory->map(Access::ReadOnly);
        REQUIRE(CHECK_OK(writing) && CHECK_OK(second) && CHECK_OK(reading));
        CHECK(writing->data() != second->data());
        writing->data()[Size - 1] = std::byte(7);
        CHECK(second->data()[Size - 1] == std::byte(7));
        CHECK(reading->data()[Size - 1] == std::byte(7));
        // Mappings outlive the object.
        created.memory.reset();
        second->data()[0] = std::byte(9);
        CHECK(reading->data()[0] == std::byte(9));
        CHECK(reading->data()[Size - 1] == std::byte(7));
    });
}

void sealOfMappings()
{
    forEachBackend([](Backend backend) {
        const Created created = create(backend);
        REQUIRE(created.memory.has_value());
        const Result<Mapping> mapping = created.memory->map(Access::ReadWrite);
        REQUIRE(CHECK_OK(mapping) && CHECK_OK(created.memory->seal(Sharing::SingleWriter)));
        mapping->data()[0] = std::byte(1);
        CHECK_OK(created.memory->map(Access::ReadOnly));
        // On Windows the creator keeps the right to map.
        if (backend == Backend::Memfd)
            CHECK_ERROR(created.memory->map(Access::ReadWrite), ErrorCode::PermissionDenied);
        const Created shared = create(backend);
        REQUIRE(shared.memory.has_value());
        REQUIRE(CHECK_OK(shared.memory->seal(Sharing::MultipleWriters)));
        CHECK_OK(shared.memory->map(Access::ReadWrite));
    });
}

void sealOfSize()
{
#ifndef _WIN32
    forEachBackend([](Backend backend) {
        if (!hasSeals(backend))
            return;
        for (const Sharing sharing : {Sharing::SingleWriter, Sharing::MultipleWriters}) {
            const Created created = create(backend);
            REQUIRE(created.memory.has_value());
            REQUIRE(CHECK_OK(created.memory->seal(sharing)));
            const int descriptor = static_cast<int>(created.memory->native());
            CHECK_EQUAL(ftruncate(descriptor, 100), -1);
            CHECK_EQUAL(ftruncate(descriptor, 200'000), -1);
            CHECK_EQUAL(lseek(descriptor, 0, SEEK_END), Size);
        }
    });
#else
    check::skip("a file mapping has a fixed size on Windows");
#endif
}

void impossibleSizes()
{
    forEachBackend([](Backend backend) {
        const std::string object = Memory::objectName(backend, suite::freshInstance());
        const std::size_t before = suite::openDescriptors();
        for (const std::uint64_t size :
             {std::uint64_t(1) << 50, std::uint64_t(1) << 62, std::numeric_limits<std::uint64_t>::max() - 1'000'000,
              std::numeric_limits<std::uint64_t>::max()})
            CHECK_ERROR(Memory::create(backend, object, size), ErrorCode::OutOfMemory);
        CHECK_EQUAL(suite::openDescriptors(), before);
        // No name is left.
        CHECK_OK(Memory::create(backend, object, Size));
        MemoryLocation location;
        location.backend = backend;
        location.object = object;
        Memory::remove(location);
    });
}

void fileSizeLimit()
{
#ifndef _WIN32
    forEachBackend([](Backend backend) {
        const std::string object = Memory::objectName(backend, suite::freshInstance());
        const int code = childprocess::inChild([&] {
            const rlimit limit = {8192, 8192};
            if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
                return childprocess::NotAllowed;
            const Result<Memory> large = Memory::create(backend, object, 1'000'000);
            return !large && large.error().code == ErrorCode::OutOfMemory ? 0 : 1;
        });
        CHECK_EQUAL(code, 0);                            // Not SIGXFSZ.
        CHECK_OK(Memory::create(backend, object, Size)); // No name is left.
        MemoryLocation location;
        location.backend = backend;
        location.object = object;
        Memory::remove(location);
    });
#else
    check::skip("Windows has no such limit");
#endif
}

void namesOfOthersStay()
{
#ifndef _WIN32
    // A record is untrusted input.
    const std::string name = "/other-" + suite::freshInstance().substr(0, 20);
    const int descriptor = shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    REQUIRE(CHECK(descriptor != -1));
    MemoryLocation location;
    location.backend = Backend::Posix;
    location.object = name;
    Memory::remove(location);
    CHECK_OK(ExternalMemory::open(name, Access::ReadOnly));
    shm_unlink(name.c_str());
    close(descriptor);
#else
    MemoryLocation location;
    location.backend = Backend::Win32;
    location.object = "Local\\Other";
    CHECK_ERROR(Memory::open(location, Access::ReadOnly, Sharing::SingleWriter, Size), ErrorCode::Corrupt);
#endif
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"backends", &backends},
                          {"names", &names},
                          {"zero-filled and of exact size", &zeroFilledAndOfExactSize},
                          {"mappings", &mappings},
                          {"seal of mappings", &sealOfMappings},
                          {"seal of the size", &sealOfSize},
                          {"impossible sizes", &impossibleSizes},
                          {"file size limit", &fileSizeLimit},
                          {"names of others stay", &namesOfOthersStay},
                      });
}
