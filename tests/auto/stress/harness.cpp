// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "harness.h"

#include "../../peer/pattern.h"
#include "../../support/errorname.h"

#include "engine/buffers.h"
#include "engine/registry.h"
#include "os/doorbell.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace sharedsegment;
using engine::Segment;

namespace harness {

Counts *counts = share<Counts>();

namespace {

[[noreturn]] void fail(const char *what)
{
    std::perror(what);
    std::_Exit(2);
}

std::vector<std::string> entries(const std::string &path)
{
    std::vector<std::string> names;
    DIR *const stream = ::opendir(path.c_str());
    if (!stream)
        return names;
    while (const dirent *const entry = ::readdir(stream)) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..")
            names.push_back(name);
    }
    ::closedir(stream);
    std::sort(names.begin(), names.end());
    return names;
}

bool writeFile(const char *path, const std::string &text)
{
    const int descriptor = ::open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor == -1)
        return false;
    const bool done = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(descriptor);
    return done;
}

/// With a private /dev/shm, everything left there is ours.
bool takeOwnMemories()
{
    const uid_t uid = ::geteuid();
    const gid_t gid = ::getegid();
    if (::unshare(CLONE_NEWNS) == -1) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) == -1)
            return false;
        writeFile("/proc/self/setgroups", "deny");
        writeFile("/proc/self/uid_map", std::to_string(uid) + " " + std::to_string(uid) + " 1");
        writeFile("/proc/self/gid_map", std::to_string(gid) + " " + std::to_string(gid) + " 1");
    }
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0
        && ::mount("tmpfs", "/dev/shm", "tmpfs", 0, nullptr) == 0;
}

void judge(pid_t pid, int status, bool wasKilled)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && wasKilled)
        return;
    violation("process " + std::to_string(pid) + " ended with "
              + (WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                     : "status " + std::to_string(WEXITSTATUS(status))));
}

} // namespace

Options::Options(int argc, char **argv, std::map<std::string, std::uint64_t> defaults)
    : m_values(std::move(defaults))
{
    for (int i = 1; i < argc; i += 2) {
        const std::string name = std::strncmp(argv[i], "--", 2) == 0 ? argv[i] + 2 : "";
        char *end = nullptr;
        const std::uint64_t value = i + 1 < argc ? std::strtoull(argv[i + 1], &end, 10) : 0;
        if (!m_values.contains(name) || !end || *end != '\0') {
            std::fprintf(stderr, "usage: %s", argv[0]);
            for (const auto &[known, preset] : m_values)
                std::fprintf(stderr, " [--%s %llu]", known.c_str(), static_cast<unsigned long long>(preset));
            std::fprintf(stderr, "\n");
            std::exit(2);
        }
        m_values[name] = value;
    }
}

void *shareBytes(std::size_t size)
{
    void *const bytes = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        fail("mmap");
    return bytes;
}

void violation(const std::string &what)
{
    // The first ones are enough.
    if (counts->violations++ < 20)
        std::fprintf(stderr, "VIOLATION: %s\n", what.c_str());
}

const char *nameOf(ErrorCode code)
{
    return textOf(code);
}

std::string describe(const Error &error)
{
    return std::string(nameOf(error.code)) + ": " + error.text;
}

bool readWhole(const Segment &segment, RevisionInfo *info)
{
    static std::vector<std::byte> bytes;
    bytes.resize(std::size_t(segment.geometry().payloadSize));
    RevisionInfo unused;
    const bool isRead = timed("read", [&] {
        return engine::Buffers(segment.view().memory.data(), segment.geometry()).read(bytes, 0, info ? info : &unused);
    });
    if (!isRead) {
        ++counts->busy;
        return false;
    }
    ++counts->snapshots;
    if (!pattern::isWhole(bytes)) {
        ++counts->torn;
        violation("torn snapshot of revision " + std::to_string((info ? info : &unused)->number));
    }
    return true;
}

World::World()
{
    m_hasOwnMemories = takeOwnMemories();
    if (!m_hasOwnMemories)
        std::fprintf(stderr, "no /dev/shm of its own here (%s): uses the shared one\n", std::strerror(errno));
    // In memory, like the usual places: a slow disk would take the time that kills need.
    m_folder = std::string(m_hasOwnMemories ? "/dev/shm" : "/tmp") + "/sharedsegment-stress-XXXXXX";
    if (!::mkdtemp(m_folder.data()))
        fail("mkdtemp");
    ::setenv("SHAREDSEGMENT_DIR", m_folder.c_str(), 1);
    // What is made once and kept exists before the descriptors are counted.
    static_cast<void>(engine::Registry::ofEnvironment().names());
    os::DoorbellNotifier::reserve();
    m_memoriesBefore = entries("/dev/shm");
    m_descriptorsBefore = entries("/proc/self/fd").size();
    keepAlive();
}

World::~World()
{
    for (const std::string &file : files())
        ::unlink((m_folder + '/' + file).c_str());
    ::rmdir(m_folder.c_str());
}

std::vector<std::string> World::files() const
{
    std::vector<std::string> files = entries(m_folder);
    std::erase(files, ".lock"); // The file of the folder's lock stays.
    return files;
}

std::vector<std::string> World::memories() const
{
    std::vector<std::string> found;
    for (const std::string &name : entries("/dev/shm")) {
        const bool isNew = !std::binary_search(m_memoriesBefore.begin(), m_memoriesBefore.end(), name);
        if (isNew && name.starts_with("ss-"))
            found.push_back(name);
    }
    return found;
}

void World::checkNothingLeft()
{
    const Result<std::vector<std::string>> names =
        timed("names", [] { return engine::Registry::ofEnvironment().names(); });
    if (!names)
        violation("names(): " + describe(names.error()));
    else if (!names->empty())
        violation("left after everybody is gone: the name \"" + names->front() + "\"");
    for (const std::string &file : files())
        violation("left in the registry folder: " + file);
    // Other programs may be making memory of their own in a shared /dev/shm just now: only what stays is left over.
    std::vector<std::string> left = memories();
    if (!m_hasOwnMemories && !left.empty()) {
        pauseMicroseconds(1000000);
        const std::vector<std::string> later = memories();
        std::erase_if(left, [&](const std::string &name) {
            const int descriptor = ::open(("/dev/shm/" + name).c_str(), O_RDONLY | O_CLOEXEC);
            std::uint64_t owner = 0;
            const bool isKnown = ::pread(descriptor, &owner, sizeof owner, offsetof(engine::MemoryHeader, pid)) == 8;
            ::close(descriptor);
            const bool isLiving = isKnown && owner != 0 && ::kill(static_cast<pid_t>(owner), 0) == 0;
            return isLiving || !std::binary_search(later.begin(), later.end(), name);
        });
    }
    for (const std::string &memory : left)
        violation("left in /dev/shm: " + memory);
    if (const std::size_t now = entries("/proc/self/fd").size(); now != m_descriptorsBefore)
        violation("descriptors: " + std::to_string(m_descriptorsBefore) + " before, " + std::to_string(now) + " now");
    if (::waitpid(-1, nullptr, WNOHANG) != -1 || errno != ECHILD)
        violation("a process is left");
}

pid_t start(const std::function<void()> &body)
{
    std::fflush(stdout);
    const pid_t parent = ::getpid();
    const std::uint64_t seed = random()();
    const pid_t pid = ::fork();
    if (pid == -1)
        fail("fork");
    if (pid != 0)
        return pid;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        std::_Exit(0);
    random().seed(seed);
    // A killing process runs first.
    static_cast<void>(!::nice(5));
    body();
    std::_Exit(0);
}

void kill(pid_t pid)
{
    ++counts->kills;
    ::kill(pid, SIGKILL);
    int status = 0;
    if (::waitpid(pid, &status, 0) == pid)
        judge(pid, status, true);
}

void wait(pid_t pid)
{
    const auto deadline = std::chrono::steady_clock::now() + 10 * Bound;
    int status = 0;
    while (::waitpid(pid, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() > deadline) {
            ++counts->hung;
            violation("process " + std::to_string(pid) + " does not end");
            ::kill(pid, SIGKILL);
            ::waitpid(pid, &status, 0);
            return;
        }
        pauseMicroseconds(200);
    }
    judge(pid, status, false);
}

void keepAlive()
{
    std::signal(SIGALRM, [](int) {
        static constexpr char text[] = "VIOLATION: hung: nothing done in a minute\n";
        static_cast<void>(!::write(STDERR_FILENO, text, sizeof text - 1));
        std::_Exit(1);
    });
    ::alarm(60);
}

std::mt19937_64 &random()
{
    static std::mt19937_64 generator([] {
        const char *const given = std::getenv("STRESS_SEED");
        const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
        std::printf("STRESS_SEED=%llu\n", static_cast<unsigned long long>(seed));
        return seed;
    }());
    return generator;
}

void pauseMicroseconds(std::uint64_t count)
{
    std::this_thread::sleep_for(std::chrono::microseconds(count));
}

int finish(const char *program)
{
    const auto number = [](const std::atomic<std::uint64_t> &value) {
        return static_cast<unsigned long long>(value.load());
    };
    std::printf("%s: kills %llu, publications %llu, snapshots %llu, busy %llu, torn %llu, hung %llu, healed %llu, "
                "slowest call %.1f ms, violations %llu\n",
                program, number(counts->kills), number(counts->publications), number(counts->snapshots),
                number(counts->busy), number(counts->torn), number(counts->hung), number(counts->healed),
                static_cast<double>(counts->slowestMicroseconds.load()) / 1000, number(counts->violations));
    for (std::size_t i = 1; i < std::size(counts->errors) - 2; ++i) {
        if (counts->errors[i] != 0)
            std::printf("  %s %llu\n", nameOf(static_cast<ErrorCode>(i)), number(counts->errors[i]));
    }
    return counts->violations == 0 ? 0 : 1;
}

} // namespace harness
