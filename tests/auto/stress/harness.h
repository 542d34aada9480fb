// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "engine/segment.h"
#include "os/error.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

/// Shared by the programs that start, kill and watch processes. Free of Qt and with one thread: their children are
/// forked and go on without an exec, ten thousand of them in a CI's time.
namespace harness {

/// No call may take longer: more than any requested wait, on a machine with too much to do.
constexpr std::chrono::seconds Bound{5};
/// How long a write that has to succeed waits for other writers.
constexpr std::chrono::seconds Wait{2};

/// `--name value` pairs.
class Options
{
public:
    Options(int argc, char **argv, std::map<std::string, std::uint64_t> defaults);
    std::uint64_t operator[](const std::string &name) const { return m_values.at(name); }

private:
    std::map<std::string, std::uint64_t> m_values;
};

/// What all the processes count together, in memory that they share.
struct Counts
{
    std::atomic<std::uint64_t> kills;
    std::atomic<std::uint64_t> snapshots;
    std::atomic<std::uint64_t> publications;
    std::atomic<std::uint64_t> busy;
    std::atomic<std::uint64_t> torn;
    std::atomic<std::uint64_t> hung;
    std::atomic<std::uint64_t> healed;
    std::atomic<std::uint64_t> violations;
    std::atomic<std::uint64_t> slowestMicroseconds;
    std::atomic<std::uint64_t> errors[16];
};
extern Counts *counts;

/// Makes shared memory of a type that may be all zero, for the program's whole life.
void *shareBytes(std::size_t size);
template<typename T>
T *share()
{
    return static_cast<T *>(shareBytes(sizeof(T)));
}

/// Prints what went wrong and counts it; the program goes on, to show more.
void violation(const std::string &what);

const char *nameOf(sharedsegment::ErrorCode code);
std::string describe(const sharedsegment::Error &error);
inline void count(const sharedsegment::Error &error)
{
    ++counts->errors[static_cast<std::size_t>(error.code)];
}

/// Calls, and counts as hung what takes longer than the bound.
template<typename Call>
auto timed(const char *what, Call call)
{
    const auto start = std::chrono::steady_clock::now();
    auto result = call();
    const auto taken = std::chrono::steady_clock::now() - start;
    const auto micros =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(taken).count());
    std::uint64_t slowest = counts->slowestMicroseconds;
    while (micros > slowest && !counts->slowestMicroseconds.compare_exchange_weak(slowest, micros)) { }
    if (taken > Bound) {
        ++counts->hung;
        violation(std::string(what) + " took " + std::to_string(micros) + " us");
    }
    return result;
}

/// A snapshot of the newest revision. @returns whether there was one; its content is checked.
bool readWhole(const sharedsegment::engine::Segment &segment, sharedsegment::RevisionInfo *info = nullptr);

/// A registry folder of the program's own and, where the system allows it, also a /dev/shm of its own.
class World
{
public:
    World();
    ~World();

    /// Everything in the folder.
    std::vector<std::string> files() const;
    /// Everything in /dev/shm that did not exist at the start and belongs to a segment.
    std::vector<std::string> memories() const;
    /// Counts as violation what is left after names() was called: files, memories, names, descriptors, processes.
    void checkNothingLeft();

private:
    std::string m_folder;
    bool m_hasOwnMemories = false;
    std::vector<std::string> m_memoriesBefore;
    std::size_t m_descriptorsBefore = 0;
};

/// Starts a process that calls `body` and ends; it dies with this one.
pid_t start(const std::function<void()> &body);
/// SIGKILL, and wait. Counts as violation if the process had ended in another way than by it or with 0.
void kill(pid_t pid);
/// Waits for the end. Counts as violation if it was not orderly, or did not come within the bound times ten.
void wait(pid_t pid);

/// Ends the program with a message unless called again within a minute.
void keepAlive();

std::mt19937_64 &random();
inline std::uint64_t randomUpTo(std::uint64_t most)
{
    return std::uniform_int_distribution<std::uint64_t>(0, most)(random());
}
void pauseMicroseconds(std::uint64_t count);

/// Prints what was counted. @returns the exit code: 1 after any violation.
int finish(const char *program);

} // namespace harness
