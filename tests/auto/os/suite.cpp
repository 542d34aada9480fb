// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "suite.h"

#include "os/handlegroup.h"
#include "os/system.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <optional>

#ifdef _WIN32
#include <windows.h>
#endif

using namespace sharedsegment;

namespace suite {

namespace {

std::optional<os::Folder> registryFolder;

void setFolder(const std::string &path)
{
#ifdef _WIN32
    _putenv_s("SHAREDSEGMENT_DIR", path.c_str());
#else
    ::setenv("SHAREDSEGMENT_DIR", path.c_str(), 1);
#endif
}

/// A folder of the suite's own among the temporary files. Removed with its content.
class OwnFolder
{
public:
    OwnFolder()
        : m_path(std::filesystem::temp_directory_path() / ("sharedsegment-os-" + freshInstance()))
    {
        std::filesystem::create_directories(m_path);
    }
    ~OwnFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    OwnFolder(const OwnFolder &) = delete;
    OwnFolder &operator=(const OwnFolder &) = delete;

    std::string path() const { return m_path.generic_string(); }

private:
    std::filesystem::path m_path;
};

bool useFolder(const Result<os::Folder> &folder)
{
    if (folder)
        registryFolder = *folder;
    else
        std::fprintf(stderr, "%s\n", folder.error().text.c_str());
    return bool(folder);
}

} // namespace

int run(int argc, char **argv, std::initializer_list<check::Section> sections,
        const std::function<std::string(const Words &)> &answer)
{
    ChildProcess::setProgram(argv[0]);
    if (ChildProcess::isChild(argc, argv))
        return useFolder(os::Folder::open(os::FolderLocation::ofEnvironment())) ? support::answerLines(answer) : 2;
    const OwnFolder own;
    setFolder(own.path() + "/registry");
    return useFolder(os::Folder::create(os::FolderLocation::ofEnvironment())) ? check::run(argc, argv, sections) : 2;
}

const os::Folder &folder()
{
    return *registryFolder;
}

std::string parentFolder()
{
    const std::string &path = folder().path();
    return path.substr(0, path.rfind('/'));
}

std::string freshInstance()
{
    static constexpr char Digits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : os::randomId()) {
        text += Digits[byte >> 4];
        text += Digits[byte & 15];
    }
    return text;
}

bool isReadable(os::Handle::Native native)
{
    const std::array handles = {native};
    return os::waitForAny(handles, std::chrono::nanoseconds(0)) == 0;
}

bool becomesReadable(os::Handle::Native native)
{
    const std::array handles = {native};
    const auto end = std::chrono::steady_clock::now() + Deadline;
    for (auto now = end - Deadline; now < end; now = std::chrono::steady_clock::now()) {
        if (os::waitForAny(handles, end - now) == 0)
            return true;
    }
    return false;
}

bool isEmulated()
{
    const char *const emulator = std::getenv("CHILD_EMULATOR");
    return emulator && *emulator;
}

std::size_t openDescriptors()
{
#ifdef _WIN32
    DWORD count = 0;
    return GetProcessHandleCount(GetCurrentProcess(), &count) != 0 ? count : 0;
#else
    std::error_code error;
    const std::filesystem::directory_iterator entries("/proc/self/fd", error);
    return error ? 0 : static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
#endif
}

} // namespace suite
