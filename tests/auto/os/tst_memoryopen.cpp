// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/memory.h between processes, for each backend of the system.

#include "memorysuite.h"

#include <string>

#ifdef _WIN32
#include <windows.h>
#else
#include <csignal>
#endif

using namespace memorysuite;
using suite::ChildProcess;
using suite::Words;

namespace {

std::string commandToOpen(const MemoryLocation &location, Access access, Sharing sharing, std::uint64_t size = Size)
{
    return std::string("open ") + nameOf(location.backend) + ' ' + std::to_string(location.pid) + ' '
         + std::to_string(location.descriptor) + ' ' + (location.object.empty() ? "-" : location.object) + ' '
         + (access == Access::ReadWrite ? "write" : "read") + ' '
         + (sharing == Sharing::SingleWriter ? "single" : "multiple") + ' ' + std::to_string(size);
}

/// The child: opens and maps a memory, and reads and writes its bytes.
std::string answer(const Words &words)
{
    static std::optional<Mapping> mapping;
    if (words[0] == "open" && words.size() == 8) {
        mapping.reset();
        MemoryLocation location;
        for (const Backend backend : Memory::backends()) {
            if (words[1] == nameOf(backend))
                location.backend = backend;
        }
        location.pid = std::stoull(words[2]);
        location.descriptor = std::stoll(words[3]);
        location.object = words[4] == "-" ? "" : words[4];
        const Access access = words[5] == "write" ? Access::ReadWrite : Access::ReadOnly;
        const Sharing sharing = words[6] == "single" ? Sharing::SingleWriter : Sharing::MultipleWriters;
        const Result<Memory> memory = Memory::open(location, access, sharing, std::stoull(words[7]));
        if (!memory)
            return suite::wordOf(memory);
        Result<Mapping> mapped = memory->map(access);
        if (mapped)
            mapping = *std::move(mapped);
        return suite::wordOf(mapped);
    }
    if (!mapping)
        return "no mapping";
    if (words[0] == "read" && words.size() == 2)
        return std::to_string(std::to_integer<int>(mapping->data()[std::stoull(words[1])]));
    if (words[0] == "write" && words.size() == 3) {
#ifdef _WIN32
        // Without the system's dialog.
        SetUnhandledExceptionFilter([](EXCEPTION_POINTERS *) -> LONG { ExitProcess(3); });
#else
        for (const int number : {SIGSEGV, SIGBUS})
            std::signal(number, SIG_DFL);
#endif
        mapping->data()[std::stoull(words[1])] = std::byte(std::stoi(words[2]));
        return "ok";
    }
    return "unknown command";
}

void otherProcess()
{
    forEachBackend([](Backend backend) {
        const Created created = create(backend);
        REQUIRE(created.memory.has_value());
        REQUIRE(CHECK_OK(created.memory->seal(Sharing::MultipleWriters)));
        const Result<Mapping> mapping = created.memory->map(Access::ReadWrite);
        REQUIRE(CHECK_OK(mapping));
        mapping->data()[5] = std::byte(55);

        ChildProcess writer;
        REQUIRE(CHECK_EQUAL(
            writer.request(commandToOpen(created.location, Access::ReadWrite, Sharing::MultipleWriters)), "ok"));
        CHECK_EQUAL(writer.request("read 5"), "55");
        CHECK_EQUAL(writer.request("write 69999 66"), "ok");
        CHECK(mapping->data()[Size - 1] == std::byte(66));

        ChildProcess reader;
        REQUIRE(CHECK_EQUAL(reader.request(commandToOpen(created.location, Access::ReadOnly, Sharing::MultipleWriters)),
                            "ok"));
        CHECK_EQUAL(reader.request("read 69999"), "66");
        // Writing through a read-only mapping ends the process and changes nothing.
        CHECK_EQUAL(reader.request("write 69999 77"), "no answer");
        CHECK(reader.wait() != 0);
        CHECK(mapping->data()[Size - 1] == std::byte(66));

        // The memory lives on without the process that wrote to it.
        writer.kill();
        writer.wait();
        CHECK(mapping->data()[Size - 1] == std::byte(66));
    });
}

void sealOfSingleWriter()
{
    forEachBackend([](Backend backend) {
        const Created created = create(backend);
        REQUIRE(created.memory.has_value());
        const Result<Mapping> mapping = created.memory->map(Access::ReadWrite);
        REQUIRE(CHECK_OK(mapping));
        REQUIRE(CHECK_OK(created.memory->seal(Sharing::SingleWriter)));
        // The creator's mapping stays writable.
        mapping->data()[1] = std::byte(11);

        ChildProcess child;
        REQUIRE(
            CHECK_EQUAL(child.request(commandToOpen(created.location, Access::ReadOnly, Sharing::SingleWriter)), "ok"));
        CHECK_EQUAL(child.request("read 1"), "11");
        mapping->data()[1] = std::byte(12);
        CHECK_EQUAL(child.request("read 1"), "12");
        const std::string opened =
            child.request(commandToOpen(created.location, Access::ReadWrite, Sharing::SingleWriter));
        if (hasSeals(backend))
            CHECK_EQUAL(opened, "PermissionDenied");
        else
            CHECK_EQUAL(opened, "ok");
    });
}

void openingChecksKindSharingAndSize()
{
    forEachBackend([](Backend backend) {
        const Created created = create(backend);
        REQUIRE(created.memory.has_value());
        if (backend == Backend::Memfd)
            CHECK_ERROR(Memory::open(created.location, Access::ReadOnly, Sharing::MultipleWriters, Size),
                        ErrorCode::NotFound); // It is not sealed yet.
        REQUIRE(CHECK_OK(created.memory->seal(Sharing::MultipleWriters)));
        CHECK_OK(Memory::open(created.location, Access::ReadOnly, Sharing::MultipleWriters, Size));
        if (backend == Backend::Memfd)
            CHECK_ERROR(Memory::open(created.location, Access::ReadOnly, Sharing::SingleWriter, Size),
                        ErrorCode::NotFound);
        // A memory smaller than expected would end the process at a later access. Windows reports it at the mapping.
        const std::uint64_t wrong[] = {Size + 1'000'000, Size - 69'000};
        for (const std::uint64_t size : wrong) {
            if (suite::IsWindows && size < Size)
                continue;
            const Result<Memory> opened =
                Memory::open(created.location, Access::ReadOnly, Sharing::MultipleWriters, size);
            const Result<Mapping> mapped = opened ? opened->map(Access::ReadOnly)
                                                  : Result<Mapping>(Error(opened.error()));
            CHECK_ERROR(mapped, backend == Backend::Memfd ? ErrorCode::NotFound : ErrorCode::Corrupt);
        }
    });
}

void removal()
{
    forEachBackend([](Backend backend) {
        Created created = create(backend);
        REQUIRE(created.memory.has_value());
        REQUIRE(CHECK_OK(created.memory->seal(Sharing::MultipleWriters)));
        const std::string command = commandToOpen(created.location, Access::ReadWrite, Sharing::MultipleWriters);
        Result<Mapping> mapping = created.memory->map(Access::ReadWrite);
        ChildProcess child;
        REQUIRE(CHECK_OK(mapping) && CHECK_EQUAL(child.request(command), "ok"));
        Memory::remove(created.location);
        created.memory.reset();
        mapping->data()[3] = std::byte(33);
        CHECK_EQUAL(child.request("read 3"), "33");
        CHECK_EQUAL(child.request("write 3 34"), "ok");
        CHECK(mapping->data()[3] == std::byte(34));
        CHECK_EQUAL(ChildProcess().request(command), "NotFound");
        // The name is free again, also while an old mapping exists.
        CHECK_OK(Memory::create(backend, created.location.object, Size));
        Memory::remove(created.location);
        Memory::remove(created.location); // Without effect.
    });
}

void wrongLocations()
{
    forEachBackend([](Backend backend) {
        const auto errorOf = [](const MemoryLocation &location) {
            return Memory::open(location, Access::ReadOnly, Sharing::SingleWriter, Size);
        };
        Created created = create(backend);
        REQUIRE(created.memory.has_value());
        REQUIRE(CHECK_OK(created.memory->seal(Sharing::SingleWriter)));
        REQUIRE(CHECK_OK(errorOf(created.location)));
        MemoryLocation location = created.location;
        if (hasNames(backend)) {
            location.object = Memory::objectName(backend, suite::freshInstance());
            CHECK_ERROR(errorOf(location), ErrorCode::NotFound);
            return;
        }
        location.descriptor = 9999;
        CHECK_ERROR(errorOf(location), ErrorCode::NotFound);
        location.descriptor = -1;
        CHECK_ERROR(errorOf(location), ErrorCode::NotFound);
        location.descriptor = 0; // Another kind of file, or none.
        CHECK_ERROR(errorOf(location), ErrorCode::NotFound);
        {
            ChildProcess other; // It has another file at this number, or none.
            location = created.location;
            location.pid = other.pid();
            CHECK_ERROR(errorOf(location), ErrorCode::NotFound);
            other.kill();
            other.wait();
        }
        CHECK_ERROR(errorOf(location), ErrorCode::NotFound); // No such process.
        created.memory.reset();
        CHECK_ERROR(errorOf(created.location), ErrorCode::NotFound);
    });
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"other process", &otherProcess},
                          {"seal of a single writer", &sealOfSingleWriter},
                          {"opening checks kind, sharing and size", &openingChecksKindSharingAndSize},
                          {"removal", &removal},
                          {"wrong locations", &wrongLocations},
                      },
                      &answer);
}
