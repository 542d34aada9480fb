// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/pathwatch.h.

#include "suite.h"

#include "os/handlegroup.h"
#include "os/pathwatch.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

using namespace sharedsegment;
using namespace sharedsegment::os;
namespace fs = std::filesystem;

namespace {

/// A path below the suite's own folder, removed at the end.
class Tree
{
public:
    Tree()
        : m_top(suite::parentFolder() + '/' + suite::freshInstance())
    {
        fs::create_directories(m_top);
    }
    ~Tree() { fs::remove_all(m_top); }
    Tree(const Tree &) = delete;
    Tree &operator=(const Tree &) = delete;

    const std::string &top() const { return m_top; }
    std::string above() const { return m_top + "/above"; }
    std::string folder() const { return m_top + "/above/folder"; }
    std::string file(const std::string &name) const { return folder() + '/' + name; }
    void makeFolder() const { fs::create_directories(folder()); }

private:
    std::string m_top;
};

void makeFile(const std::string &path)
{
    std::ofstream(path) << "content";
}

std::vector<std::string> pathsOf(const std::vector<Place> &places)
{
    std::vector<std::string> paths;
    paths.reserve(places.size());
    for (const Place &place : places)
        paths.push_back(place.path);
    return paths;
}

void places()
{
    const Tree tree;
    CHECK(isMissingAbove(tree.folder()));
    if (!suite::IsWindows) { // The nearest existing folder and all above it.
        const std::vector<std::string> paths = pathsOf(placesOf(tree.folder()));
        REQUIRE(CHECK_LESS(1U, paths.size()));
        CHECK_EQUAL(paths[0], tree.top());
        CHECK_EQUAL(paths[1], suite::parentFolder());
        CHECK_EQUAL(paths.back(), "/");
    } else {
        CHECK(placesOf(tree.folder()).empty());
    }
    fs::create_directory(tree.above());
    CHECK(!isMissingAbove(tree.folder()));
    tree.makeFolder();
    CHECK(!isMissingAbove(tree.folder()));
    const std::vector<Place> before = placesOf(tree.folder());
    REQUIRE(CHECK(!before.empty()));
    CHECK_EQUAL(before[0].path, tree.folder());
    CHECK(before == placesOf(tree.folder()));
    // Another folder at the path is another place.
    fs::rename(tree.folder(), tree.above() + "/old");
    tree.makeFolder();
    const std::vector<Place> after = placesOf(tree.folder());
    REQUIRE(CHECK(!after.empty()));
    CHECK_EQUAL(after[0].path, before[0].path);
    CHECK(after != before);
#ifndef _WIN32
    fs::permissions(tree.folder(), fs::perms::owner_all);
    const std::vector<Place> narrow = placesOf(tree.folder());
    fs::permissions(tree.folder(), fs::perms::owner_all | fs::perms::group_read);
    CHECK(placesOf(tree.folder()) != narrow);
    // A file is no place.
    fs::remove(tree.folder());
    makeFile(tree.folder());
    CHECK_EQUAL(pathsOf(placesOf(tree.folder())).front(), tree.above());
#endif
}

/// A watch on the folder of a tree.
class Watched
{
public:
    explicit Watched(const Tree &tree)
        : m_tree(tree)
    {
        Result<PathWatch> started = PathWatch::start();
        if (!CHECK_OK(started))
            return;
        m_watch = *std::move(started);
        renew();
    }

    void renew()
    {
        CHECK_OK(m_watch.watch(m_tree.folder(), placesOf(m_tree.folder())));
        take();
    }
    /// What has been reported so far.
    PathWatch::Changes take()
    {
        PathWatch::Changes all;
        while (suite::isReadable(m_watch.native())) {
            const PathWatch::Changes changes = m_watch.take();
            all.inFolder |= changes.inFolder;
            all.ofPath |= changes.ofPath;
            all.inWishes |= changes.inWishes;
        }
        return all;
    }
    bool isActive() const { return m_watch.isActive(); }
    Handle::Native native() const { return m_watch.native(); }

private:
    const Tree &m_tree;
    PathWatch m_watch;
};

// The kernel queues an event before the call returns that caused it: no test waits.

void records()
{
    const Tree tree;
    tree.makeFolder();
    Watched watch(tree);
    REQUIRE(CHECK(watch.isActive()));
    CHECK(!suite::isReadable(watch.native()));
    makeFile(tree.file("record"));
    CHECK(suite::isReadable(watch.native()));
    PathWatch::Changes changes = watch.take();
    CHECK(changes.inFolder);
    CHECK(!changes.ofPath);
    CHECK(!suite::isReadable(watch.native()));
    // Doorbells and unpublished records begin with a dot.
    makeFile(tree.file(".doorbell"));
    CHECK(!watch.take().inFolder);
    fs::rename(tree.file(".doorbell"), tree.file("published"));
    CHECK(watch.take().inFolder);
    fs::rename(tree.file("published"), tree.file(".aside"));
    CHECK(watch.take().inFolder);
    fs::remove(tree.file("record"));
    CHECK(watch.take().inFolder);
    // Content is no change of the folder.
    makeFile(tree.file(".aside"));
    changes = watch.take();
    CHECK(!changes.inFolder && !changes.ofPath);
}

void wishes()
{
    const Tree tree;
    tree.makeFolder();
    Watched watch(tree);
    REQUIRE(CHECK(watch.isActive()));
    const std::string wish = '.' + suite::freshInstance() + ".wish";
    makeFile(tree.file("record"));
    makeFile(tree.file(".doorbell"));
    makeFile(tree.file(".new"));
    makeFile(tree.file(".wish"));
    CHECK(!watch.take().inWishes);
    // As the library makes one.
    fs::rename(tree.file(".new"), tree.file(wish));
    PathWatch::Changes changes = watch.take();
    CHECK(changes.inWishes && !changes.inFolder && changes.files.empty());
    fs::remove(tree.file(wish));
    CHECK(watch.take().inWishes);
    makeFile(tree.file(wish));
    changes = watch.take();
    CHECK(changes.inWishes && !changes.inFolder);
    fs::remove(tree.file("record"));
    CHECK(!watch.take().inWishes);
}

void creation()
{
    const Tree tree;
    Watched watch(tree);
    REQUIRE(CHECK(watch.isActive()));
    fs::create_directory(tree.top() + "/other");
    CHECK(!watch.take().ofPath);
    fs::create_directory(tree.above());
    CHECK(watch.take().ofPath);
    watch.renew();
    fs::create_directory(tree.above() + "/other");
    CHECK(!watch.take().ofPath);
    fs::create_directory(tree.folder());
    CHECK(watch.take().ofPath);
    watch.renew();
    makeFile(tree.file("record"));
    CHECK(watch.take().inFolder);
}

void removal()
{
    const Tree tree;
    tree.makeFolder();
    Watched watch(tree);
    REQUIRE(CHECK(watch.isActive()));
    fs::remove(tree.folder());
    CHECK(watch.take().ofPath);
    watch.renew();
    fs::remove(tree.above());
    CHECK(watch.take().ofPath);
    // With records in it.
    tree.makeFolder();
    makeFile(tree.file("record"));
    watch.renew();
    fs::remove_all(tree.above());
    const PathWatch::Changes changes = watch.take();
    CHECK(changes.inFolder && changes.ofPath);
}

void renaming()
{
    const Tree tree;
    tree.makeFolder();
    Watched watch(tree);
    REQUIRE(CHECK(watch.isActive()));
    for (const std::string &part : {tree.folder(), tree.above(), tree.top()}) {
        fs::rename(part, part + "-aside");
        CHECK(watch.take().ofPath);
        watch.renew();
        fs::rename(part + "-aside", part);
        CHECK(watch.take().ofPath);
        watch.renew();
        CHECK(!suite::isReadable(watch.native()));
    }
    // A folder that has left the path is no longer watched.
    fs::rename(tree.folder(), tree.top() + "/left");
    tree.makeFolder();
    CHECK(watch.take().ofPath);
    watch.renew();
    makeFile(tree.top() + "/left/record");
    CHECK(!suite::isReadable(watch.native()));
    makeFile(tree.file("record"));
    CHECK(watch.take().inFolder);
}

void modes()
{
    const Tree tree;
    tree.makeFolder();
    Watched watch(tree);
    REQUIRE(CHECK(watch.isActive()));
    fs::permissions(tree.folder(), fs::perms::owner_read);
    CHECK(watch.take().ofPath);
    fs::permissions(tree.folder(), fs::perms::owner_all);
    CHECK(watch.take().ofPath);
}

void descriptors()
{
    const Tree tree;
    tree.makeFolder();
    const std::size_t before = suite::openDescriptors();
    {
        Watched watch(tree);
        CHECK_LESS(before, suite::openDescriptors());
        CHECK(!PathWatch().isActive());
    }
    CHECK_EQUAL(suite::openDescriptors(), before);
}

void unsupported()
{
    CHECK_ERROR(PathWatch::start(), ErrorCode::Unsupported);
    PathWatch watch;
    CHECK(!watch.isActive());
    CHECK_ERROR(watch.watch(suite::folder().path(), placesOf(suite::folder().path())), ErrorCode::Unsupported);
    const PathWatch::Changes changes = watch.take();
    CHECK(changes.inFolder && changes.ofPath && changes.inWishes); // Anything may have changed.
}

} // namespace

int main(int argc, char **argv)
{
    if (!suite::IsLinux || suite::IsPortable)
        return suite::run(argc, argv, {{"places", &places}, {"unsupported", &unsupported}});
    return suite::run(argc, argv,
                      {
                          {"places", &places},
                          {"records", &records},
                          {"wishes", &wishes},
                          {"creation", &creation},
                          {"removal", &removal},
                          {"renaming", &renaming},
                          {"modes", &modes},
                          {"descriptors", &descriptors},
                      });
}
