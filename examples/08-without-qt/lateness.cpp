// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A daemon without Qt: wakes every two milliseconds and publishes how late the system wakes it.

#include "lateness.h"

#include <SharedSegment/Producer>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <iostream>
#include <span>
#include <thread>
#include <vector>

namespace {

std::atomic<bool> isEnding = false;

void end(int)
{
    isEnding = true;
}

/// Appends the newest values at the end and drops the oldest.
void append(std::vector<float> *values, std::span<const float> newest)
{
    std::shift_left(values->begin(), values->end(), static_cast<std::ptrdiff_t>(newest.size()));
    std::copy(newest.begin(), newest.end(), values->end() - static_cast<std::ptrdiff_t>(newest.size()));
}

} // namespace

int main()
{
    using Clock = std::chrono::steady_clock;
    using Microseconds = std::chrono::duration<float, std::micro>;

    std::signal(SIGINT, end);
    std::signal(SIGTERM, end);

    sharedsegment::Producer<float> history("lateness/history");
    sharedsegment::Producer<Summary> summary("lateness/summary");
    sharedsegment::ProducerOptions options;
    options.metadata = R"({"staleAfter": 2000})"; // in ms
    if (!history.create(HistoryLength, options) || !summary.create(1, options)) {
        std::cerr << "lateness: " << history.errorString() << summary.errorString() << '\n';
        return 1;
    }

    std::vector<float> values(HistoryLength);
    std::vector<float> latest(WakeUpsPerRevision);
    Summary total{};
    for (auto due = Clock::now(); !isEnding;) {
        for (float &late : latest) {
            due += Interval;
            std::this_thread::sleep_until(due);
            late = Microseconds(Clock::now() - due).count();
            total.wakeUps += 1;
            total.worst = std::max(total.worst, late);
        }
        append(&values, latest);
        std::nth_element(latest.begin(), latest.begin() + WakeUpsPerRevision / 2, latest.end());
        total.median = latest[WakeUpsPerRevision / 2];
        history.publish(values);
        summary.set(total);
        // After an interruption (debugger, suspend), do not catch up on missed intervals.
        due = std::max(due, Clock::now() - Interval);
    }
}
