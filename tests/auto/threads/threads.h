// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#ifdef _WIN32
#include <process.h>
#else
#include <unistd.h>
#endif

#if defined(__SANITIZE_THREAD__)
#include <pthread.h>
#include <time.h>

constexpr bool IsSanitized = true;

// The sanitizer of GCC 12 does not see this function, by which std::timed_mutex waits; it does see the older one.
extern "C" inline __attribute__((used)) int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                                                    const timespec *deadline)
{
    constexpr long Second = 1'000'000'000;
    timespec now;
    timespec wall;
    clock_gettime(clock, &now);
    clock_gettime(CLOCK_REALTIME, &wall);
    wall.tv_sec += deadline->tv_sec - now.tv_sec;
    wall.tv_nsec += deadline->tv_nsec - now.tv_nsec;
    wall.tv_sec += wall.tv_nsec < 0 ? -1 : wall.tv_nsec / Second;
    wall.tv_nsec = (wall.tv_nsec + Second) % Second;
    return pthread_mutex_timedlock(mutex, &wall);
}
#else
constexpr bool IsSanitized = false;
#endif

/// What the programs of many threads have in common.
namespace threads {

inline std::atomic<int> failures = 0;

inline bool expect(bool condition, const char *what, const std::string &detail = {})
{
    if (!condition) {
        std::fprintf(stderr, "failed: %s %s\n", what, detail.c_str());
        ++failures;
    }
    return condition;
}

/// A registry folder of our own, or nothing.
inline std::filesystem::path makeRegistry()
{
#ifdef _WIN32
    // Left to the library, which makes it with the access list that it wants.
    const std::filesystem::path folder = std::filesystem::temp_directory_path()
                                       / ("sharedsegment-threads-" + std::to_string(::_getpid()));
    return ::_wputenv_s(L"SHAREDSEGMENT_DIR", folder.c_str()) == 0 ? folder : std::filesystem::path();
#else
    std::string folder = std::filesystem::temp_directory_path() / "sharedsegment-threads-XXXXXX";
    return ::mkdtemp(folder.data()) && ::setenv("SHAREDSEGMENT_DIR", folder.c_str(), 1) == 0 ? folder : "";
#endif
}

/// Removes the folder, of which nothing may be left, and prints the result. @returns the exit code.
inline int finish(const std::filesystem::path &folder)
{
    std::filesystem::remove(folder / ".lock"); // The file of the folder's lock stays.
    expect(std::filesystem::is_empty(folder), "nothing is left behind in the registry folder");
    std::filesystem::remove_all(folder);
    std::printf("%d failures\n", failures.load());
    return failures == 0 ? 0 : 1;
}

} // namespace threads
