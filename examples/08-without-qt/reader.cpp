// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A reader without Qt: waits for the daemon, prints each summary that it publishes, and waits for the next daemon.

#include "lateness.h"

#include <SharedSegment/Consumer>

#include <chrono>
#include <cstdint>
#include <iostream>

int main()
{
    constexpr auto Late = std::chrono::seconds(2);
    constexpr auto Forever = sharedsegment::RawConsumer::Deadline::max();

    sharedsegment::Consumer<Summary> summary("lateness/summary");
    while (summary.waitForOpened(Forever)) {
        std::cout << "the daemon is running\n" << std::flush;
        std::uint64_t seen = 0;
        for (;;) {
            if (!summary.waitForUpdated(seen, std::chrono::steady_clock::now() + Late)) {
                if (summary.error() != sharedsegment::ErrorCode::NoError)
                    break;
                std::cout << "the daemon is silent\n" << std::flush; // It lives, but may be stopped.
                continue;
            }
            seen = summary.raw().revision(); // If the read fails, the next update is the next attempt.
            Summary total{};
            if (const auto revision = summary.read(total)) {
                seen = revision->number;
                std::cout << total.wakeUps << " wake-ups; median " << total.median << " us late, worst " << total.worst
                          << " us\n"
                          << std::flush;
            }
        }
        summary.close();
        std::cout << "the daemon has ended\n" << std::flush;
    }
    std::cerr << "reader: " << summary.errorString() << '\n';
    return 1;
}
