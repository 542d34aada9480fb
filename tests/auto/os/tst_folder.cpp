// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/folder.h.

#include "suite.h"

#include "os/folder.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#ifndef _WIN32
#include "../../support/posixchild.h"

#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace sharedsegment;
using namespace sharedsegment::os;
namespace fs = std::filesystem;

namespace {

void setVariable(const char *name, const std::string &value)
{
#ifdef _WIN32
    _putenv_s(name, value.c_str());
#else
    setenv(name, value.c_str(), 1);
#endif
}

/// A path for the registry folder, set for the lifetime of the object.
class Chosen
{
public:
    explicit Chosen(const std::string &suffix = {})
        : m_before(FolderLocation::ofEnvironment().path)
        , m_top(suite::parentFolder() + '/' + suite::freshInstance())
    {
        fs::create_directory(m_top);
        setVariable("SHAREDSEGMENT_DIR", path() + suffix);
    }
    ~Chosen()
    {
        setVariable("SHAREDSEGMENT_DIR", m_before);
        fs::remove_all(m_top);
    }
    Chosen(const Chosen &) = delete;
    Chosen &operator=(const Chosen &) = delete;

    const std::string &top() const { return m_top; }
    std::string path() const { return m_top + "/folder"; }

private:
    std::string m_before;
    std::string m_top;
};

Result<Folder> create()
{
    return Folder::create(FolderLocation::ofEnvironment());
}

Result<Folder> open()
{
    return Folder::open(FolderLocation::ofEnvironment());
}

void location()
{
    const Chosen chosen("//");
    const FolderLocation named = FolderLocation::ofEnvironment();
    CHECK_EQUAL(named.path, chosen.path()); // Whether or not it exists.
    CHECK(named.isNamed);
#ifndef _WIN32
    // Without the variable, the folder of the user's session.
    CHECK_EQUAL(childprocess::inChild([&] {
                    unsetenv("SHAREDSEGMENT_DIR");
                    setVariable("XDG_RUNTIME_DIR", chosen.top());
                    const FolderLocation session = FolderLocation::ofEnvironment();
                    if (session.path != chosen.top() + "/sharedsegment" || session.isNamed)
                        return 1;
                    setVariable("XDG_RUNTIME_DIR", "relative");
                    return FolderLocation::ofEnvironment().path.starts_with('/') ? 0 : 2;
                }),
                0);
#endif
}

void creation()
{
    const Chosen chosen;
    CHECK_ERROR(open(), ErrorCode::NotFound);
    CHECK(!fs::exists(chosen.path()));
    const Result<Folder> created = create();
    REQUIRE(CHECK_OK(created));
    CHECK_EQUAL(created->path(), chosen.path());
    CHECK_EQUAL(created->pathOf("file"), chosen.path() + "/file");
    CHECK(fs::is_directory(chosen.path()));
    CHECK_OK(open());
    // Again, with its content.
    std::ofstream(created->pathOf("file")) << "content";
    CHECK_OK(create());
    CHECK(fs::exists(created->pathOf("file")));
}

void missingParent()
{
    const Chosen chosen("/further");
    CHECK_ERROR(open(), ErrorCode::NotFound);
    CHECK_ERROR(create(), ErrorCode::NotFound);
    CHECK(!fs::exists(chosen.path()));
}

void files()
{
    const Chosen chosen;
    const Result<Folder> folder = create();
    REQUIRE(CHECK_OK(folder));
    const auto names = [&] {
        Result<std::vector<std::string>> files = folder->files();
        CHECK_OK(files);
        std::vector<std::string> list = files ? *std::move(files) : std::vector<std::string>();
        std::erase_if(list, [](const std::string &name) { return name == "." || name == ".."; });
        std::sort(list.begin(), list.end());
        return list;
    };
    CHECK(names().empty());
    for (const char *const name : {"record", ".doorbell", "b"})
        std::ofstream(folder->pathOf(name)) << "content";
    CHECK((names() == std::vector<std::string>{".doorbell", "b", "record"}));
    fs::remove_all(chosen.path());
    CHECK_ERROR(folder->files(), ErrorCode::NotFound);
}

/// That a folder in this state is refused, by both functions and with the cause. No text suggests to change a folder
/// that a person has chosen.
void checkRefused(const std::string &cause)
{
    for (const Result<Folder> &folder : {open(), create()}) {
        if (CHECK_ERROR(folder, ErrorCode::PermissionDenied))
            CHECK(folder.error().text.find(cause) != std::string::npos);
    }
    const Result<Folder> named = Folder::open({FolderLocation::ofEnvironment().path, true});
    const Result<Folder> usual = Folder::open({FolderLocation::ofEnvironment().path, false});
    CHECK(!named && !usual && named.error().text != usual.error().text);
    CHECK(!named && named.error().text.ends_with("; set SHAREDSEGMENT_DIR to a folder of its own"));
}

void otherFiles()
{
    const Chosen chosen;
    std::ofstream(chosen.path()) << "content";
    checkRefused("is not a folder");
    CHECK(fs::is_regular_file(chosen.path()));
    fs::remove(chosen.path());
#ifndef _WIN32
    const std::string target = chosen.top() + "/target";
    REQUIRE(CHECK_EQUAL(mkdir(target.c_str(), 0700), 0));
    fs::create_directory_symlink(target, chosen.path());
    checkRefused("symbolic link");
    setVariable("SHAREDSEGMENT_DIR", chosen.path() + '/'); // The slash does not lead through the link.
    checkRefused("symbolic link");
    fs::remove(chosen.path());
    fs::create_directory_symlink(chosen.top() + "/none", chosen.path());
    checkRefused("symbolic link");
    CHECK(!fs::exists(chosen.top() + "/none"));
#endif
}

void modes()
{
#ifndef _WIN32
    for (const mode_t mask : {mode_t(0), mode_t(077), mode_t(0777)}) {
        const Chosen chosen;
        const mode_t before = umask(mask);
        const Result<Folder> created = create();
        umask(before);
        CHECK_OK(created);
        struct stat info;
        REQUIRE(CHECK_EQUAL(stat(chosen.path().c_str(), &info), 0));
        CHECK_EQUAL(info.st_mode & 0777, 0700U);
        CHECK_EQUAL(info.st_uid, geteuid());
        for (const mode_t mode : {mode_t(0701), mode_t(0710), mode_t(0770), mode_t(0755), mode_t(0500)}) {
            CHECK_EQUAL(chmod(chosen.path().c_str(), mode), 0);
            checkRefused("mode 0700");
            CHECK(stat(chosen.path().c_str(), &info) == 0 && (info.st_mode & 0777) == mode); // It stays as it is.
        }
        CHECK_EQUAL(chmod(chosen.path().c_str(), 0700), 0);
        CHECK_OK(open());
    }
#else
    check::skip("Windows has no modes");
#endif
}

void otherUsers()
{
#ifndef _WIN32
    const Chosen chosen;
    CHECK_OK(create());
    if (geteuid() != 0 || chown(chosen.path().c_str(), childprocess::Nobody, childprocess::Nobody) != 0) {
        check::skip("this user may not give a folder away");
        return;
    }
    checkRefused("another user");
#else
    check::skip("only one user is here");
#endif
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"location", &location},
                          {"creation", &creation},
                          {"missing parent", &missingParent},
                          {"files", &files},
                          {"other files", &otherFiles},
                          {"modes", &modes},
                          {"other users", &otherUsers},
                      });
}
