// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/recordguard.h (POSIX; elsewhere no process can truncate the mapped part of a record).

#include "forked.h"

#include "os/recordfile.h"
#include "os/recordguard.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace sharedsegment;
using namespace sharedsegment::os;
using suite::checkInFork;
using suite::folder;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t Size = 16'384;

/// A mapped record. The destructor removes its file.
struct Mapped
{
    std::optional<RecordFile> file;
    Mapping mapping;

    Mapped()
    {
        Result<RecordFile> created = RecordFile::create(folder(), suite::freshInstance());
        if (!CHECK_OK(created))
            return;
        file = *std::move(created);
        CHECK_OK(file->write(std::vector<std::byte>(Size, std::byte(5))));
        Result<Mapping> mapped = file->map(Size);
        if (CHECK_OK(mapped))
            mapping = *std::move(mapped);
    }
    Mapped(const Mapped &) = delete;
    Mapped &operator=(const Mapped &) = delete;
    ~Mapped()
    {
        if (file)
            fs::remove(path());
    }

    const std::string &path() const { return file->path(); }
    /// Volatile, so that each call accesses the mapping.
    std::byte get(std::size_t index) const { return static_cast<volatile std::byte *>(mapping.data())[index]; }
    void set(std::size_t index, int value) const
    {
        static_cast<volatile std::byte *>(mapping.data())[index] = std::byte(value);
    }
    std::uintmax_t size() const { return fs::file_size(path()); }
    void truncate(std::uintmax_t size) const { fs::resize_file(path(), size); }
};

void survival()
{
    const Mapped record;
    REQUIRE(record.mapping.isValid());
    const RecordGuard guard(record.mapping, record.path());
    for (const std::size_t size : {std::size_t(0), std::size_t(100), std::size_t(4096), Size - 4096}) {
        record.set(Size - 1, 9);
        record.truncate(size);
        CHECK(record.get(Size - 1) == std::byte(0)); // The access survives. The content is lost.
        CHECK_EQUAL(record.size(), Size);
        // What is written reaches the file again.
        record.set(Size - 1, 8);
        std::vector<std::byte> bytes(Size);
        CHECK_EQUAL(record.file->read(bytes), Size);
        CHECK(bytes.back() == std::byte(8));
    }
    // A write as the first access.
    record.truncate(0);
    record.set(5000, 7);
    CHECK_EQUAL(record.size(), Size);
    CHECK(record.get(5000) == std::byte(7));
}

void withinPage()
{
    const Mapped record;
    REQUIRE(record.mapping.isValid());
    const RecordGuard guard(record.mapping, record.path());
    guard.regrow(); // Without effect on a whole file.
    CHECK(record.get(0) == std::byte(5));
    record.truncate(Size - 10);
    CHECK(record.get(Size - 1) == std::byte(0)); // Within a page there is no fault.
    CHECK_EQUAL(record.size(), Size - 10);
    guard.regrow();
    CHECK_EQUAL(record.size(), Size);
    CHECK(record.get(0) == std::byte(5));
    RecordGuard().regrow();
}

void otherFile()
{
    const Mapped record;
    REQUIRE(record.mapping.isValid());
    const RecordGuard guard(record.mapping, record.path());
    const int descriptor = open(record.path().c_str(), O_RDWR | O_CLOEXEC);
    // Another file has the path: it is not touched, and the process goes on with zeros.
    fs::rename(record.path(), record.path() + "-old");
    const int other = open(record.path().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    CHECK_EQUAL(ftruncate(descriptor, 0), 0);
    CHECK(record.get(100) == std::byte(0));
    record.set(100, 3);
    CHECK(record.get(100) == std::byte(3));
    CHECK(record.get(9000) == std::byte(0));
    CHECK_EQUAL(record.size(), 0U);
    CHECK_EQUAL(lseek(descriptor, 0, SEEK_END), 0);
    fs::remove(record.path() + "-old");
    close(descriptor);
    close(other);
}

void fileSizeLimit()
{
    checkInFork([] {
        const Mapped record;
        REQUIRE(record.mapping.isValid());
        const RecordGuard guard(record.mapping, record.path());
        record.truncate(0);
        const rlimit limit = {4096, RLIM_INFINITY};
        CHECK_EQUAL(setrlimit(RLIMIT_FSIZE, &limit), 0);
        CHECK(record.get(Size - 1) == std::byte(0)); // No SIGXFSZ, and zeros.
        CHECK_EQUAL(record.size(), 0U);
    });
}

void endOfGuard()
{
    // Without a guard, the access ends the process.
    const auto access = [](const Mapped &record) {
        record.truncate(0);
        static_cast<void>(record.get(0));
        return 0;
    };
    const Mapped unguarded;
    CHECK(childprocess::inChild([&] { return access(unguarded); }) != 0);
    const Mapped record;
    CHECK(childprocess::inChild([&] {
              {
                  const RecordGuard guard(record.mapping, record.path());
              }
              return access(record);
          })
          != 0);
    // A moved guard goes on.
    const Mapped moved;
    CHECK_EQUAL(childprocess::inChild([&] {
                    RecordGuard last;
                    {
                        RecordGuard first(moved.mapping, moved.path());
                        RecordGuard second(std::move(first));
                        last = std::move(second);
                    }
                    return access(moved);
                }),
                0);
}

void severalGuards()
{
    const Mapped one;
    const Mapped two;
    REQUIRE(one.mapping.isValid() && two.mapping.isValid());
    RecordGuard first(one.mapping, one.path());
    const RecordGuard second(two.mapping, two.path());
    for (int i = 0; i < 3; ++i) {
        one.truncate(0);
        two.truncate(0);
        CHECK(two.get(100) == std::byte(0) && one.get(100) == std::byte(0));
        CHECK_EQUAL(one.size(), Size);
        CHECK_EQUAL(two.size(), Size);
        first = RecordGuard(one.mapping, one.path()); // Its place is used again.
    }
}

constexpr int HandledCode = 42;

void exitFromHandler(int)
{
    _exit(HandledCode);
}

void otherFaults()
{
    // The program's own handler gets the faults elsewhere, and the signals that a process sends.
    const Mapped guarded;
    const Mapped other;
    const auto inChild = [&](void (*raiseSignal)(const Mapped &)) {
        return childprocess::inChild([&] {
            std::signal(SIGBUS, &exitFromHandler);
            const RecordGuard guard(guarded.mapping, guarded.path());
            guarded.truncate(0);
            static_cast<void>(guarded.get(0));
            raiseSignal(other);
            return 0;
        });
    };
    CHECK_EQUAL(inChild([](const Mapped &record) {
                    record.truncate(0);
                    static_cast<void>(record.get(0));
                }),
                HandledCode);
    CHECK_EQUAL(inChild([](const Mapped &) { std::raise(SIGBUS); }), HandledCode);
    CHECK_EQUAL(inChild([](const Mapped &) {}), 0);
    // With the default action, such a signal ends the process.
    CHECK_EQUAL(childprocess::inChild([&] {
                    std::signal(SIGBUS, SIG_DFL);
                    const RecordGuard guard(guarded.mapping, guarded.path());
                    std::raise(SIGBUS);
                    return 0;
                }),
                -SIGBUS);
}

} // namespace

int main(int argc, char **argv)
{
    // The first guard of a process installs the handler: sections with a handler of their own come before it.
    return suite::run(argc, argv,
                      {
                          {"other faults", &otherFaults},
                          {"end of a guard", &endOfGuard},
                          {"file size limit", &fileSizeLimit},
                          {"survival", &survival},
                          {"within a page", &withinPage},
                          {"another file", &otherFile},
                          {"several guards", &severalGuards},
                      });
}
