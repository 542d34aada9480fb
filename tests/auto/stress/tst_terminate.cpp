// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Ends tests/peer with TerminateProcess at random points, and checks names, readers, listeners and other writers afterwards.
//
//   tst_terminate PEER [KILLS]     1000 kills; prints what was counted, and ends with 1 after any violation

#include "../../peer/pattern.h"

#include "engine/createsegment.h"
#include "engine/listener.h"
#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "engine/writetransaction.h"

#include <windows.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace sharedsegment;
using engine::Segment;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t Words = 1000;
constexpr int StartTries = 3;
constexpr std::chrono::seconds Bound{5}; // no call may take longer, on a machine with too much to do
constexpr std::chrono::seconds Wait{2};  // how long a write that has to succeed waits for others

std::wstring peerProgram;
std::mt19937_64 randomSource(std::random_device{}());

struct
{
    int kills = 0;
    int owners = 0;
    int writers = 0;
    int unstarted = 0; // Wine could not start them
    int unborn = 0;    // killed before they had reported to be ready
    std::uint64_t snapshots = 0;
    std::uint64_t publications = 0;
    int torn = 0;
    int interrupted = 0;
    int violations = 0;
    double slowest = 0; // ms
} counts;

void violation(const std::string &what)
{
    ++counts.violations;
    std::fprintf(stderr, "VIOLATION after %d kills: %s\n", counts.kills, what.c_str());
}

int randomUpTo(int most)
{
    return std::uniform_int_distribution(0, most)(randomSource);
}

void pauseUpTo(std::chrono::microseconds most)
{
    const auto end = Clock::now() + std::chrono::microseconds(randomUpTo(static_cast<int>(most.count())));
    while (Clock::now() < end)
        std::this_thread::yield();
}

template<typename Call>
auto timed(const char *what, Call call)
{
    const auto start = Clock::now();
    auto result = call();
    const auto taken = Clock::now() - start;
    counts.slowest = std::max(counts.slowest, std::chrono::duration<double, std::milli>(taken).count());
    if (taken > Bound)
        violation(std::string(what) + " took too long");
    return result;
}

/// tests/peer with its standard input and output. The destructor kills it.
class Child
{
public:
    explicit Child(const std::wstring &arguments)
    {
        SECURITY_ATTRIBUTES inherited = {sizeof inherited, nullptr, TRUE};
        HANDLE theirInput = nullptr;
        HANDLE theirOutput = nullptr;
        CreatePipe(&theirInput, &m_input, &inherited, 0);
        CreatePipe(&m_output, &theirOutput, &inherited, 0);
        SetHandleInformation(m_input, HANDLE_FLAG_INHERIT, 0);
        SetHandleInformation(m_output, HANDLE_FLAG_INHERIT, 0);
        STARTUPINFOW startup = {};
        startup.cb = sizeof startup;
        startup.dwFlags = STARTF_USESTDHANDLES;
        startup.hStdInput = theirInput;
        startup.hStdOutput = theirOutput;
        startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
        std::wstring command = L"\"" + peerProgram + L"\" " + arguments;
        PROCESS_INFORMATION process = {};
        // Wine says so where a new process ends before it has reached its program.
        int tries = 1;
        bool isStarted = false;
        while (!isStarted && tries <= StartTries) {
            isStarted =
                CreateProcessW(nullptr, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup, &process)
                != 0;
            if (!isStarted && GetLastError() != ERROR_INTERNAL_ERROR)
                break;
            counts.unstarted += isStarted ? 0 : 1;
            ++tries;
        }
        if (!isStarted) {
            std::fprintf(stderr, "the peer cannot be started: error %lu\n", GetLastError());
            std::exit(2);
        }
        CloseHandle(process.hThread);
        CloseHandle(theirInput);
        CloseHandle(theirOutput);
        m_process = process.hProcess;
    }
    ~Child()
    {
        end();
        for (HANDLE handle : {m_process, m_input, m_output})
            CloseHandle(handle);
    }
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;

    std::string line()
    {
        std::string text;
        char byte = 0;
        DWORD count = 0;
        while (ReadFile(m_output, &byte, 1, &count, nullptr) != 0 && count == 1 && byte != '\n')
            text += byte;
        while (text.ends_with('\r'))
            text.pop_back();
        return text;
    }
    void tell(const std::string &text)
    {
        DWORD count = 0;
        WriteFile(m_input, (text + '\n').data(), static_cast<DWORD>(text.size() + 1), &count, nullptr);
    }
    void terminate()
    {
        ++counts.kills;
        end();
    }

private:
    void end()
    {
        TerminateProcess(m_process, 9);
        WaitForSingleObject(m_process, INFINITE);
    }

    HANDLE m_process = nullptr;
    HANDLE m_input = nullptr;
    HANDLE m_output = nullptr;
};

std::wstring wide(const std::string &text)
{
    return {text.begin(), text.end()};
}

/// @returns whether there was a snapshot; its content is checked.
bool readWhole(const Segment &segment)
{
    std::vector<std::byte> bytes(Words * 8);
    RevisionInfo info;
    if (!timed("a read", [&] { return bool(segment.read(bytes, 0, &info)); }))
        return false;
    ++counts.snapshots;
    if (!pattern::isWhole(bytes)) {
        ++counts.torn;
        violation("a torn snapshot");
    }
    return true;
}

Result<engine::CreatedSegment> create(const std::string &name, std::uint32_t buffers, bool multipleWriters)
{
    const Result<engine::Layout> layout = engine::Layout::parse("u64");
    return timed("create", [&] {
        return engine::createSegment(engine::Registry::ofEnvironment(), name, *layout,
                                     {.capacity = Words, .bufferCount = buffers, .multipleWriters = multipleWriters});
    });
}

std::optional<std::uint64_t> publish(Segment &segment, std::uint64_t key)
{
    std::vector<std::byte> bytes(Words * 8);
    pattern::fill(bytes, key);
    const Result<std::uint64_t> revision = timed("publish", [&] { return engine::publish(segment, bytes, Wait); });
    if (!revision) {
        violation("a publication was refused: " + revision.error().text);
        return std::nullopt;
    }
    ++counts.publications;
    return *revision;
}

/// An owner is killed: its name is free at once, though an old reader goes on.
void killOwner(const std::string &name, std::uint32_t buffers)
{
    ++counts.owners;
    Child owner(L"own " + wide(name) + L" u64 " + std::to_wstring(Words) + L" win32 " + std::to_wstring(buffers)
                + L" one");
    std::shared_ptr<Segment> reader;
    engine::Listener listener;
    if (randomUpTo(3) == 0) {
        // While it starts, makes its segment, or has just made it.
        ++counts.unborn;
        pauseUpTo(std::chrono::milliseconds(40));
    } else {
        if (const std::string answer = owner.line(); answer != "ready")
            violation("an owner did not come: " + answer);
        const Result<std::shared_ptr<Segment>> opened = timed("open", [&] {
            return engine::openSegment(engine::Registry::ofEnvironment(), name, os::Access::ReadOnly);
        });
        if (!opened)
            violation("a living owner's segment was refused: " + opened.error().text);
        else
            reader = *opened;
        if (reader && randomUpTo(1) == 0) {
            if (Result<engine::Listener> claimed = reader->listen(); claimed && claimed->arm())
                listener = std::move(*claimed);
            else
                violation("a listener was refused");
        }
        owner.tell("spin");
        pauseUpTo(std::chrono::milliseconds(5));
        if (reader)
            readWhole(*reader);
    }
    owner.terminate();

    if (reader) {
        if (timed("a check of the owner", [&] { return reader->owner().isAlive(); }))
            violation("a dead owner passes for alive");
        if (!readWhole(*reader)) {
            ++counts.interrupted;
            if (buffers > 1)
                violation("the last revision is lost");
        }
    }
    if (const Result<bool> exists = timed("exists", [&] { return engine::Registry::ofEnvironment().exists(name); });
        !exists || *exists)
        violation("a dead owner's name is still there");
    Result<engine::CreatedSegment> next = create(name, buffers, false);
    if (!next) {
        violation("a dead owner's name cannot be taken: " + next.error().text);
        return;
    }
    publish(*next->segment, 7);
    readWhole(*next->segment);
    if (reader && reader->revision() != 0)
        readWhole(*reader);
}

/// One of several writers is killed: the next one goes on.
void killWriter(Segment &segment, std::uint32_t buffers)
{
    ++counts.writers;
    Child writer(L"attach " + wide(segment.name()) + L" write");
    if (const std::string answer = writer.line(); answer != "ready")
        violation("a writer did not come: " + answer);
    writer.tell("spin");
    pauseUpTo(std::chrono::milliseconds(5));
    publish(segment, 11);
    pauseUpTo(std::chrono::milliseconds(2));
    writer.terminate();
    if (!readWhole(segment)) {
        ++counts.interrupted;
        if (buffers > 1)
            violation("the last revision is lost");
    }
    publish(segment, 13);
    readWhole(segment);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: tst_terminate PEER [KILLS]\n");
        return 2;
    }
    peerProgram = wide(argv[1]);
    const int kills = argc > 2 ? std::atoi(argv[2]) : 1000;
    // Made by the library, with the access list that it wants.
    wchar_t temporary[MAX_PATH + 1];
    GetTempPathW(MAX_PATH + 1, temporary);
    const std::wstring folder = temporary + (L"sharedsegment-terminate-" + std::to_wstring(GetCurrentProcessId()));
    SetEnvironmentVariableW(L"SHAREDSEGMENT_DIR", folder.c_str());

    constexpr std::uint32_t Buffers[] = {1, 2, 4};
    std::vector<engine::CreatedSegment> shared;
    for (const std::uint32_t buffers : Buffers) {
        Result<engine::CreatedSegment> created = create("shared-" + std::to_string(buffers), buffers, true);
        if (!created) {
            violation(created.error().text);
            return 1;
        }
        publish(*created->segment, 1);
        shared.push_back(std::move(*created));
    }
    for (std::size_t i = 0; counts.kills < kills; ++i) {
        const std::size_t which = i % 3;
        if (i % 2 == 0)
            killOwner("owned-" + std::to_string(Buffers[which]), Buffers[which]);
        else
            killWriter(*shared[which].segment, Buffers[which]);
    }
    shared.clear();
    const Result<std::vector<std::string>> names = engine::Registry::ofEnvironment().names();
    if (!names || !names->empty())
        violation("names are left");
    if (RemoveDirectoryW(folder.c_str()) == 0)
        violation("the registry folder is not empty");
    std::printf(
        "%d kills (%d owners, of them %d while they started; %d writers), %llu snapshots, %llu publications: %d torn, "
        "%d interrupted in their only buffer, slowest call %.1f ms, %d violations\n",
        counts.kills, counts.owners, counts.unborn, counts.writers, static_cast<unsigned long long>(counts.snapshots),
        static_cast<unsigned long long>(counts.publications), counts.torn, counts.interrupted, counts.slowest,
        counts.violations);
    if (counts.unstarted > 0)
        std::printf(
            "%d processes could not be started at once: error 1359 of Wine, which comes of programs without the library too\n",
            counts.unstarted);
    return counts.violations == 0 ? 0 : 1;
}
