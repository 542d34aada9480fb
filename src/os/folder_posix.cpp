// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "folder.h"

#include "fd_posix.h"

#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sharedsegment::os {

namespace {

std::string environment(const char *name)
{
    const char *const value = std::getenv(name);
    return value ? value : "";
}

bool isFolder(const std::string &path)
{
    struct stat info;
    return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string defaultLocation()
{
    const std::string runtime = environment("XDG_RUNTIME_DIR");
    if (runtime.starts_with('/'))
        return runtime + "/sharedsegment";
    const std::string uid = std::to_string(::geteuid());
    const std::string user = "/run/user/" + uid;
    if (isFolder(user))
        return user + "/sharedsegment";
    if (::geteuid() == 0 && isFolder("/run"))
        return "/run/sharedsegment";
    if (isFolder("/dev/shm"))
        return "/dev/shm/sharedsegment-" + uid;
    const std::string temporary = environment("TMPDIR");
    return (temporary.starts_with('/') ? temporary : "/tmp") + "/sharedsegment-" + uid;
}

} // namespace

FolderLocation FolderLocation::ofEnvironment()
{
    std::string path = environment("SHAREDSEGMENT_DIR");
    if (path.empty())
        return {defaultLocation(), false};
    // A trailing slash would make the system follow a link.
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return {std::move(path), true};
}

Status Folder::check(const FolderLocation &location)
{
    const std::string &path = location.path;
    struct stat info;
    if (::lstat(path.c_str(), &info) == -1)
        return systemError("examining the registry folder", path, errno);
    if (S_ISLNK(info.st_mode))
        return refused(location, "is a symbolic link", "replace it by a folder");
    if (!S_ISDIR(info.st_mode))
        return refused(location, "is not a folder", "remove it, or set SHAREDSEGMENT_DIR");
    if (info.st_uid != ::geteuid())
        return refused(location, "belongs to another user", "remove it, or set SHAREDSEGMENT_DIR");
    if ((info.st_mode & 0777) != 0700)
        return refused(location, "does not have the mode 0700", "run chmod 700 on it");
    return {};
}

Status Folder::make(const std::string &path)
{
    if (::mkdir(path.c_str(), 0700) == -1)
        return errno == EEXIST
                 ? Status()
                 : systemError("making the registry folder", path, errno,
                               errno == ENOENT ? "make the folder above it, or set SHAREDSEGMENT_DIR" : "");
    // Restores permissions that the umask removed: without them, every process would refuse the folder. If a folder
    // that this process can change replaced it, that folder also belongs to this user. Never follows a link.
    struct stat info;
    if (::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && (info.st_mode & 0777) != 0700
        && ::fchmodat(AT_FDCWD, path.c_str(), 0700, AT_SYMLINK_NOFOLLOW) == -1 && errno == EOPNOTSUPP)
        ::chmod(path.c_str(), 0700);
    return {};
}

Result<std::vector<std::string>> Folder::files() const
{
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR *)> stream(::opendir(m_path.c_str()), &::closedir);
    if (!stream)
        return systemError("looking through the registry folder", m_path, errno);
    while (const dirent *const entry = ::readdir(stream.get()))
        names.emplace_back(entry->d_name);
    return names;
}

} // namespace sharedsegment::os
