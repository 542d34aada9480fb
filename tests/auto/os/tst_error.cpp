// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contracts of os/error.h, os/wait.h and os/lasting.h.

#include "suite.h"

#include "os/error.h"
#include "os/lasting.h"
#include "os/wait.h"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#ifdef _WIN32
#include <windows.h>
#else
#include <cerrno>
#endif

using namespace sharedsegment;
using sharedsegment::os::Lasting;
using sharedsegment::os::Wait;

namespace {

#ifdef _WIN32
constexpr int Missing = ERROR_FILE_NOT_FOUND;
constexpr int Existing = ERROR_ALREADY_EXISTS;
constexpr int Denied = ERROR_ACCESS_DENIED;
constexpr int Full = ERROR_DISK_FULL;
constexpr int NoMemory = ERROR_NOT_ENOUGH_MEMORY;
constexpr int NotThere = ERROR_CALL_NOT_IMPLEMENTED;
constexpr int NoDescriptors = ERROR_TOO_MANY_OPEN_FILES;
constexpr int Other = ERROR_INVALID_PARAMETER;
#else
constexpr int Missing = ENOENT;
constexpr int Existing = EEXIST;
constexpr int Denied = EACCES;
constexpr int Full = ENOSPC;
constexpr int NoMemory = ENOMEM;
constexpr int NotThere = ENOSYS;
constexpr int NoDescriptors = EMFILE;
constexpr int Other = EINVAL;
#endif

void codes()
{
    CHECK_EQUAL(codeOfSystem(Missing), ErrorCode::NotFound);
    CHECK_EQUAL(codeOfSystem(Existing), ErrorCode::AlreadyExists);
    CHECK_EQUAL(codeOfSystem(Denied), ErrorCode::PermissionDenied);
    CHECK_EQUAL(codeOfSystem(Full), ErrorCode::OutOfMemory);
    CHECK_EQUAL(codeOfSystem(NoMemory), ErrorCode::OutOfMemory);
    CHECK_EQUAL(codeOfSystem(NotThere), ErrorCode::Unsupported);
    CHECK_EQUAL(codeOfSystem(NoDescriptors), ErrorCode::SystemError);
    CHECK_EQUAL(codeOfSystem(Other), ErrorCode::SystemError);
}

void texts()
{
    for (const int number : {Missing, Existing, Denied, Full, NoMemory, NotThere, NoDescriptors, Other, 54321}) {
        const std::string message = messageOfSystem(number);
        const std::string remedy(remedyOfSystem(number));
        CHECK(!message.empty());
        CHECK(!message.ends_with('.') && !message.ends_with('\n'));
        CHECK(!remedy.empty());
        CHECK(!remedy.ends_with('.'));
        const Error error = systemError("opening", "/object", number);
        CHECK_EQUAL(error.code, codeOfSystem(number));
        CHECK_EQUAL(error.system, number);
        CHECK_EQUAL(error.text, "opening \"/object\" failed: " + message + "; " + remedy);
    }
    CHECK_EQUAL(systemError("opening", {}, Missing, "create it").text,
                "opening failed: " + messageOfSystem(Missing) + "; create it");
}

void kinds()
{
    const auto errorOf = [](int number) { return systemError("opening", "/object", number); };
    CHECK(isOutOfDescriptors(errorOf(NoDescriptors)));
    CHECK(!isOutOfDescriptors(errorOf(Missing)));
    CHECK(!isOutOfDescriptors(Error()));
    CHECK(hidesRecords(errorOf(NoDescriptors)));
    CHECK(hidesRecords(errorOf(NoMemory)));
    // On Windows, a record in the middle of its removal denies access, too.
    CHECK_EQUAL(hidesRecords(errorOf(Denied)), !suite::IsWindows);
    for (const int number : {Missing, Existing, Other})
        CHECK(!hidesRecords(errorOf(number)));
    CHECK(!hidesRecords(Error()));
}

void results()
{
    const Error error = systemError("opening", "/object", Missing);
    CHECK(bool(Status()));
    CHECK(!Status(error));
    CHECK_EQUAL(Status(error).error().text, error.text);
    Result<std::vector<int>> value = std::vector<int>{1, 2};
    REQUIRE(CHECK_OK(value));
    CHECK_EQUAL(value->size(), 2U);
    const std::vector<int> taken = *std::move(value);
    CHECK_EQUAL(taken.size(), 2U);
    CHECK_ERROR(Result<int>(error), ErrorCode::NotFound);
}

void waits()
{
    using namespace std::chrono;
    constexpr nanoseconds Longest = hours(24 * 365 * 10);
    CHECK_EQUAL(Wait(milliseconds(5)).nanoseconds(), nanoseconds(5'000'000));
    CHECK_EQUAL(Wait(nanoseconds(0)).nanoseconds(), nanoseconds(0));
    CHECK_EQUAL(Wait(seconds(-1)).nanoseconds(), nanoseconds(0));
    CHECK_EQUAL(Wait(milliseconds::min()).nanoseconds(), nanoseconds(0));
    CHECK_EQUAL(Wait(milliseconds::max()).nanoseconds(), Longest);
    CHECK_EQUAL(Wait(seconds::max()).nanoseconds(), Longest);
    CHECK_EQUAL(Wait(duration<double>(0.5)).nanoseconds(), nanoseconds(500'000'000));
    CHECK_EQUAL(Wait(duration<double>(1e300)).nanoseconds(), Longest);
    CHECK(steady_clock::now() + Wait(nanoseconds::max()).nanoseconds() > steady_clock::now());
}

void lastingValues()
{
    static constinit Lasting<std::string> value;
    std::atomic<int> made = 0;
    std::vector<const std::string *> seen(4);
    std::vector<std::thread> threads;
    for (const std::string *&place : seen)
        threads.emplace_back([&] { place = &value.get([&] { return "value " + std::to_string(++made); }); });
    for (std::thread &thread : threads)
        thread.join();
    for (const std::string *const place : seen)
        CHECK_EQUAL(place, seen[0]);
    // The first result stays.
    CHECK_EQUAL(&value.get([] { return std::string("another"); }), seen[0]);
    CHECK(value.get([] { return std::string("another"); }).starts_with("value "));
    CHECK(made >= 1);
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"codes", &codes},
                          {"texts", &texts},
                          {"kinds", &kinds},
                          {"results", &results},
                          {"waits", &waits},
                          {"lasting values", &lastingValues},
                      });
}
