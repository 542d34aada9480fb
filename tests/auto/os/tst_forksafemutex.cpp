// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The contract of os/forksafemutex.h between threads. tst_os_handle tests it in forked children.

#include "suite.h"

#include "os/forksafemutex.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

using namespace sharedsegment::os;

namespace {

void oneAtATime()
{
    constexpr int Threads = 4;
    constexpr int Times = 20'000;
    static ForkSafeMutex mutex;
    int counter = 0; // Not atomic.
    std::vector<std::thread> threads;
    for (int i = 0; i < Threads; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < Times; ++n) {
                const std::lock_guard lock(mutex);
                ++counter;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    CHECK_EQUAL(counter, Threads * Times);
}

/// A thread waits while the mutex is unlocked, each time at another moment, and no later unlock would wake it.
void lastWaiterIsWoken()
{
    constexpr int Rounds = 20'000;
    static ForkSafeMutex mutex;
    std::atomic<int> started = 0;
    std::atomic<int> ended = 0;
    const auto waitFor = [](const std::atomic<int> &round, int expected) {
        while (round != expected)
            std::this_thread::yield();
    };
    std::thread waiter([&] {
        for (int round = 1; round <= Rounds; ++round) {
            waitFor(started, round);
            mutex.lock();
            mutex.unlock();
            ended = round;
        }
    });
    for (int round = 1; round <= Rounds; ++round) {
        mutex.lock();
        started = round;
        for (std::atomic<int> pause = round * 37 % 3000; pause > 0; --pause) { }
        mutex.unlock();
        waitFor(ended, round);
    }
    waiter.join();
    CHECK_EQUAL(ended.load(), Rounds);
}

} // namespace

int main(int argc, char **argv)
{
    return suite::run(argc, argv,
                      {
                          {"one at a time", &oneAtATime},
                          {"last waiter is woken", &lastWaiterIsWoken},
                      });
}
