// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/externalmemory.h.

#include "suite.h"

#include "os/externalmemory.h"
#include "os/memory.h"

#include <array>
#include <limits>
#include <optional>
#include <vector>

#ifdef _WIN32
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

using namespace sharedsegment;
using namespace sharedsegment::os;

namespace {

constexpr std::uint64_t Size = 65'536;
constexpr std::uint64_t Largest = std::numeric_limits<std::uint64_t>::max();

/// Memory as another library makes it: a named object of the system.
class Object
{
public:
    explicit Object(const std::string &name = suite::freshInstance().substr(0, 20))
        : m_name(name)
    {
#ifdef _WIN32
        m_handle = CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0, Size, name.c_str());
        CHECK(m_handle != nullptr);
        m_bytes = static_cast<std::byte *>(MapViewOfFile(m_handle, FILE_MAP_WRITE, 0, 0, Size));
#else
        m_descriptor = shm_open(systemName().c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        CHECK(m_descriptor != -1);
        CHECK_EQUAL(ftruncate(m_descriptor, Size), 0);
        void *const bytes = mmap(nullptr, Size, PROT_READ | PROT_WRITE, MAP_SHARED, m_descriptor, 0);
        CHECK(bytes != MAP_FAILED);
        m_bytes = static_cast<std::byte *>(bytes);
#endif
    }
    ~Object()
    {
#ifdef _WIN32
        UnmapViewOfFile(m_bytes);
        remove();
#else
        munmap(m_bytes, Size);
        remove();
        close(m_descriptor);
#endif
    }
    Object(const Object &) = delete;
    Object &operator=(const Object &) = delete;

    const std::string &name() const
    {
        return m_name;
    }
    std::byte *bytes() const
    {
        return m_bytes;
    }
    Handle::Native native() const
    {
#ifdef _WIN32
        return reinterpret_cast<Handle::Native>(m_handle);
#else
        return m_descriptor;
#endif
    }
    /// The name ends; on Windows with the last handle.
    void remove()
    {
#ifdef _WIN32
        if (m_handle)
            CloseHandle(m_handle);
        m_handle = nullptr;
#else
        shm_unlink(systemName().c_str());
#endif
    }
#ifndef _WIN32
    std::string systemName() const
    {
        return '/' + m_name;
    }
#endif

private:
    std::string m_name;
    std::byte *m_bytes = nullptr;
#ifdef _WIN32
    HANDLE m_handle = nullptr;
#else
    int m_descriptor = -1;
#endif
};

std::array<std::byte, 4> letters()
{
    return {std::byte('a'), std::byte('b'), std::byte('c'), std::byte('d')};
}

void opening()
{
    const Object object;
    object.bytes()[10] = std::byte(42);
    std::vector<std::string> names = {object.name()};
    if (!suite::IsWindows)
        names.push_back('/' + object.name());
    for (const std::string &name : names) {
        const Result<ExternalMemory> memory = ExternalMemory::open(name, Access::ReadOnly);
        REQUIRE(CHECK_OK(memory));
        CHECK(memory->hasName());
        CHECK(memory->name().find(object.name()) != std::string::npos);
        CHECK(memory->isLinked());
        CHECK(memory->backend() == (suite::IsWindows ? Backend::Win32 : Backend::Posix));
        const Result<std::uint64_t> size = memory->size();
        REQUIRE(CHECK_OK(size));
        CHECK_EQUAL(*size, Size);
        std::array<std::byte, 1> byte = {};
        CHECK_OK(memory->read(byte, 10));
        CHECK(byte[0] == std::byte(42));
    }
}

void wrongNames()
{
    std::vector<std::string> invalid = {"", std::string(300, 'x'), std::string("a\0b", 3)};
    if (!suite::IsWindows)
        invalid.insert(invalid.end(), {"/", "a/b", "/a/b", "//a", "/a/"});
    for (const std::string &name : invalid)
        CHECK_ERROR(ExternalMemory::open(name, Access::ReadOnly), ErrorCode::InvalidName);
    CHECK_ERROR(ExternalMemory::open(suite::freshInstance().substr(0, 20), Access::ReadOnly), ErrorCode::NotFound);
}

void copying()
{
    const Object object;
    const Result<ExternalMemory> memory = ExternalMemory::open(object.name(), Access::ReadWrite);
    const Result<ExternalMemory> reader = ExternalMemory::open(object.name(), Access::ReadOnly);
    REQUIRE(CHECK_OK(memory) && CHECK_OK(reader));
    CHECK_OK(memory->write(letters(), Size - 4));
    CHECK(object.bytes()[Size - 1] == std::byte('d'));
    std::array<std::byte, 4> bytes = {};
    CHECK_OK(reader->read(bytes, Size - 4));
    CHECK(bytes == letters());
    CHECK_OK(reader->read(std::span<std::byte>(), 0));
    CHECK_OK(memory->write(std::span<const std::byte>(), Size));
    // What is open for reading only is not written to.
    object.bytes()[0] = std::byte(1);
    if (!suite::IsWindows) // There the copy lifts the protection of a page.
        CHECK(!reader->write(letters(), 0));
    CHECK(object.bytes()[0] == std::byte(1));
    // Nothing is beyond the end, and nothing grows.
    for (const std::uint64_t offset : {Size - 3, Size, Size + 1, 10 * Size, std::uint64_t(1) << 40})
        CHECK_ERROR(memory->write(letters(), offset), ErrorCode::Corrupt);
    for (const std::uint64_t offset : {Largest, Largest - 3, std::uint64_t(1) << 63})
        CHECK_ERROR(memory->write(letters(), offset), ErrorCode::Corrupt);
    for (const std::uint64_t offset : {Size - 3, Size, Size + 1, 10 * Size, std::uint64_t(1) << 40})
        CHECK_ERROR(memory->read(bytes, offset), ErrorCode::Corrupt);
    for (const std::uint64_t offset : {Largest, Largest - 3, std::uint64_t(1) << 63})
        CHECK_ERROR(memory->read(bytes, offset), ErrorCode::Corrupt);
    const Result<std::uint64_t> size = memory->size();
    CHECK(size && *size == Size);
}

void mapping()
{
    const Object object;
    std::optional<Mapping> kept;
    {
        const Result<ExternalMemory> memory = ExternalMemory::open(object.name(), Access::ReadWrite);
        REQUIRE(CHECK_OK(memory));
        Result<Mapping> writing = memory->map(Size, Access::ReadWrite);
        const Result<Mapping> reading = memory->map(100, Access::ReadOnly);
        REQUIRE(CHECK_OK(writing) && CHECK_OK(reading));
        CHECK_EQUAL(reading->size(), 100U);
        writing->data()[5] = std::byte(55);
        CHECK(reading->data()[5] == std::byte(55));
        CHECK(object.bytes()[5] == std::byte(55));
        kept = *std::move(writing);
    }
    kept->data()[6] = std::byte(66);
    CHECK(object.bytes()[6] == std::byte(66));
    const Result<ExternalMemory> reader = ExternalMemory::open(object.name(), Access::ReadOnly);
    if (!suite::IsWindows)
        CHECK(reader && !reader->map(Size, Access::ReadWrite));
}

void truncation()
{
#if !defined(_WIN32) && !defined(__APPLE__)
    const Object object;
    const Result<ExternalMemory> memory = ExternalMemory::open(object.name(), Access::ReadWrite);
    REQUIRE(CHECK_OK(memory));
    CHECK_EQUAL(ftruncate(static_cast<int>(object.native()), 100), 0);
    // No signal ends the process.
    std::array<std::byte, 4> bytes = {};
    CHECK_OK(memory->read(bytes, 96));
    for (const std::uint64_t offset : {97U, 100U, 5000U, 60'000U}) {
        CHECK_ERROR(memory->read(bytes, offset), ErrorCode::Corrupt);
        CHECK_ERROR(memory->write(letters(), offset), ErrorCode::Corrupt);
    }
    const Result<std::uint64_t> size = memory->size();
    CHECK(size && *size == 100);
    CHECK_EQUAL(ftruncate(static_cast<int>(object.native()), 0), 0);
    CHECK_ERROR(memory->read(bytes, 0), ErrorCode::Corrupt);
#else
    check::skip("no process can truncate memory on this system");
#endif
}

void links()
{
    std::optional<Object> object(std::in_place);
    const std::string name = object->name();
    const Result<ExternalMemory> memory = ExternalMemory::open(name, Access::ReadOnly);
    REQUIRE(CHECK_OK(memory));
    CHECK(memory->isLinked());
    object->bytes()[3] = std::byte(33);
    object->remove();
    CHECK(!memory->isLinked());
    // The memory stays usable.
    std::array<std::byte, 1> byte = {};
    CHECK_OK(memory->read(byte, 3));
    CHECK(byte[0] == std::byte(33));
    CHECK_ERROR(ExternalMemory::open(name, Access::ReadOnly), ErrorCode::NotFound);
    object.reset();
    const Object next(name);
    // On Windows an object of the same name counts as the same.
    CHECK_EQUAL(memory->isLinked(), suite::IsWindows);
}

void sharing()
{
    std::optional<ExternalMemory> memory;
    {
        const Object object;
        object.bytes()[7] = std::byte(77);
        Result<ExternalMemory> shared = ExternalMemory::share(object.native(), Access::ReadWrite);
        REQUIRE(CHECK_OK(shared));
        memory = *std::move(shared);
        CHECK(!memory->hasName());
        CHECK(!memory->name().empty());
        CHECK(memory->backend() == (suite::IsWindows ? Backend::Win32 : Backend::Memfd));
        CHECK_OK(memory->write(letters(), 0));
        CHECK(object.bytes()[0] == std::byte('a'));
    }
    // The caller's own handle is closed.
    std::array<std::byte, 1> byte = {};
    CHECK_OK(memory->read(byte, 7));
    CHECK(byte[0] == std::byte(77));
    CHECK(memory->isLinked());
    CHECK_OK(memory->map(Size, Access::ReadWrite));
    CHECK(!ExternalMemory::share(Handle::Invalid, Access::ReadOnly));
#ifndef _WIN32
    CHECK(!ExternalMemory::share(Handle::Native(1) << (sizeof(Handle::Native) * 8 - 2), Access::ReadOnly));
    int ends[2];
    REQUIRE(CHECK_EQUAL(pipe(ends), 0));
    CHECK_ERROR(ExternalMemory::share(ends[0], Access::ReadOnly), ErrorCode::Unsupported);
    close(ends[0]);
    close(ends[1]);
    const Object object;
    const int readOnly = shm_open(object.systemName().c_str(), O_RDONLY | O_CLOEXEC, 0);
    CHECK_OK(ExternalMemory::share(readOnly, Access::ReadOnly));
    CHECK_ERROR(ExternalMemory::share(readOnly, Access::ReadWrite), ErrorCode::PermissionDenied);
    close(readOnly);
#else
    const HANDLE event = CreateEventW(nullptr, FALSE, FALSE, nullptr);
    CHECK_ERROR(ExternalMemory::share(reinterpret_cast<Handle::Native>(event), Access::ReadOnly),
                ErrorCode::Unsupported);
    CloseHandle(event);
#endif
}

void descriptors()
{
    const Object object;
    const std::size_t before = suite::openDescriptors();
    {
        const Result<ExternalMemory> opened = ExternalMemory::open(object.name(), Access::ReadOnly);
        const Result<ExternalMemory> shared = ExternalMemory::share(object.native(), Access::ReadOnly);
        CHECK(opened && shared && opened->isLinked());
        CHECK_OK(shared->map(Size, Access::ReadOnly));
    }
    CHECK_EQUAL(suite::openDescriptors(), before);
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"opening", &opening},
                          {"wrong names", &wrongNames},
                          {"copying", &copying},
                          {"mapping", &mapping},
                          {"truncation", &truncation},
                          {"links", &links},
                          {"sharing", &sharing},
                          {"descriptors", &descriptors},
                      });
}
