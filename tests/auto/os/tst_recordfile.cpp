// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/recordfile.h: names and content.

#include "recordsuite.h"

#include <algorithm>
#include <array>

#ifndef _WIN32
#include "../../support/posixchild.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#endif

using namespace recordsuite;

namespace {

void temporaryNames()
{
    const std::string instance = freshInstance();
    const std::string name = RecordFile::temporaryName(instance);
    CHECK(RecordFile::isTemporaryName(name));
    for (const std::string &other : {instance, "." + instance, instance + ".new", name + "x", std::string(".new"),
                                     std::string(), "." + instance.substr(1) + ".new"})
        CHECK(!RecordFile::isTemporaryName(other));
}

void creation()
{
    const std::string instance = freshInstance();
    const std::string name = RecordFile::temporaryName(instance);
    Result<RecordFile> file = RecordFile::create(folder(), instance);
    REQUIRE(CHECK_OK(file));
    CHECK(file->isOpen());
    CHECK_EQUAL(file->path(), folder().pathOf(name));
    CHECK(exists(name));
    CHECK(file->isLinked());
    CHECK(file->isAt(name));
    std::array<std::byte, 16> bytes;
    CHECK_EQUAL(file->read(bytes), 0U);
    CHECK_ERROR(RecordFile::create(folder(), instance), ErrorCode::AlreadyExists);
    CHECK(file->isLinked()); // The failure removes nothing.
    CHECK(file->remove());
    CHECK(suite::KeepsRemovedNames || !file->isLinked());
    file->close();
    CHECK(!file->isOpen());
    CHECK(!exists(name));
    CHECK_OK(RecordFile::create(folder(), instance));
    fs::remove(folder().pathOf(name));
}

void modes()
{
#ifndef _WIN32
    const mode_t before = umask(0777);
    Published published;
    umask(before);
    REQUIRE(published.file.has_value());
    struct stat info;
    REQUIRE(CHECK_EQUAL(stat(published.file->path().c_str(), &info), 0));
    CHECK_EQUAL(info.st_mode & 07777, 0600U);
    CHECK_OK(RecordFile::open(folder(), published.name));
#else
    check::skip("Windows has no modes");
#endif
}

void writing()
{
    Published published;
    REQUIRE(published.file.has_value());
    const Result<RecordFile> other = openRecord(published.name, published.instance);
    REQUIRE(CHECK_OK(other));
    std::vector<std::byte> bytes(Size);
    CHECK_EQUAL(other->read(bytes), Size);
    CHECK(bytes == content());
    std::vector<std::byte> more(2 * Size);
    CHECK_EQUAL(other->read(more), Size);
    CHECK_EQUAL(published.file->read(std::span(bytes).first(10)), 10U);
}

void fileSizeLimit()
{
#ifndef _WIN32
    const std::string instance = freshInstance();
    const int code = childprocess::inChild([&] {
        const rlimit limit = {4096, 4096};
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
            return childprocess::NotAllowed;
        const Result<RecordFile> file = RecordFile::create(folder(), instance);
        return !file && file.error().code == ErrorCode::OutOfMemory ? 0 : 1;
    });
    CHECK_EQUAL(code, 0); // Not SIGXFSZ.
    CHECK(!exists(RecordFile::temporaryName(instance)));
#else
    check::skip("Windows has no such limit");
#endif
}

void publication()
{
    Published published;
    REQUIRE(published.file.has_value());
    CHECK_EQUAL(published.file->path(), folder().pathOf(published.name));
    CHECK(published.file->isLinked());
    CHECK(published.file->isAt(published.name));
    CHECK(!published.file->isAt(RecordFile::temporaryName(published.instance)));
    CHECK(!exists(RecordFile::temporaryName(published.instance)));
    CHECK(!published.file->isAt("none"));

    // A taken name: the file keeps its old one, and the other file stays.
    const std::string instance = freshInstance();
    Result<RecordFile> second = RecordFile::create(folder(), instance);
    REQUIRE(CHECK_OK(second));
    CHECK_ERROR(second->publish(published.name), ErrorCode::AlreadyExists);
    CHECK(second->isLinked());
    CHECK(second->isAt(RecordFile::temporaryName(instance)));
    CHECK(!second->isAt(published.name));
    CHECK(published.file->isLinked());
    // A free name then succeeds.
    CHECK_OK(second->publish("free-" + instance));
    CHECK(second->isAt("free-" + instance));
    second->remove();
}

void opening()
{
    CHECK_ERROR(RecordFile::open(folder(), "none"), ErrorCode::NotFound);
    fs::create_directory(folder().pathOf("subfolder"));
    CHECK(!RecordFile::open(folder(), "subfolder"));
    fs::remove(folder().pathOf("subfolder"));
#ifndef _WIN32
    Published published;
    fs::create_symlink(published.name, folder().pathOf("link"));
    CHECK_ERROR(RecordFile::open(folder(), "link"), ErrorCode::SystemError);
    fs::remove(folder().pathOf("link"));
    // Opening a FIFO would wait for its other end.
    REQUIRE(CHECK_EQUAL(mkfifo(folder().pathOf("fifo").c_str(), 0600), 0));
    const Result<RecordFile> fifo = RecordFile::open(folder(), "fifo");
    CHECK(!fifo || !fifo->checkMappable(Size));
    fs::remove(folder().pathOf("fifo"));
#endif
}

void otherKindsOfFiles()
{
    const auto remove = [](const std::string &name) {
        const std::string instance = freshInstance();
        const bool isFree = RecordFile::removeNonRegularFile(folder(), name, instance);
        CHECK(!exists(RecordFile::temporaryName(instance)));
        return isFree;
    };
    Published published;
    CHECK(!remove(published.name));
    CHECK(exists(published.name));
    if (suite::IsWindows)
        return;
#ifndef _WIN32
    CHECK(remove("none"));
    const std::string path = folder().pathOf("other");
    fs::create_directory(path);
    CHECK(remove("other"));
    CHECK(!exists("other"));
    fs::create_directories(path + "/content");
    CHECK(!remove("other"));
    CHECK(exists("other/content"));
    fs::remove_all(path);
    // A link goes, and what it leads to stays.
    fs::create_symlink(published.name, path);
    CHECK(remove("other"));
    CHECK(!exists("other"));
    CHECK(exists(published.name));
    mkfifo(path.c_str(), 0600);
    CHECK(remove("other"));
    CHECK(!exists("other"));
    const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.size() < sizeof address.sun_path) {
        std::copy(path.begin(), path.end(), address.sun_path);
        CHECK_EQUAL(bind(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        CHECK(remove("other"));
        CHECK(!exists("other"));
    }
    close(descriptor);
#endif
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"temporary names", &temporaryNames},
                          {"creation", &creation},
                          {"modes", &modes},
                          {"writing", &writing},
                          {"file size limit", &fileSizeLimit},
                          {"publication", &publication},
                          {"opening", &opening},
                          {"other kinds of files", &otherKindsOfFiles},
                      });
}
