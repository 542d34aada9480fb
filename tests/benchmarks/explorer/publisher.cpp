// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "publisher.h"

#include "../samples.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QCoreApplication>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;

/// Two fields: the explorer shows such an array as a table.
struct Sample
{
    double value = 0;
    double other = 0;
};
SHARED_STRUCT(Sample, value, other)

namespace {

using Array = SharedArray<Sample>;

class PublisherThread
{
public:
    explicit PublisherThread(std::vector<std::unique_ptr<Array>> *arrays)
        : m_thread([this, arrays] { run(*arrays); })
    {
    }
    ~PublisherThread()
    {
        m_isRunning = false;
        m_thread.join();
    }
    Q_DISABLE_COPY_MOVE(PublisherThread)

    /// The mean time of a publication since the last call; 0 if there was none.
    double takeMean()
    {
        const std::lock_guard lock(m_mutex);
        const double mean = m_count > 0 ? m_time / m_count : 0;
        m_time = m_count = 0;
        return mean;
    }

private:
    void run(const std::vector<std::unique_ptr<Array>> &arrays)
    {
        constexpr std::chrono::nanoseconds Period{1'000'000'000 / Publisher::Rate};
        std::array<Sample, Publisher::ElementCount> values{};
        auto next = std::chrono::steady_clock::now();
        while (m_isRunning) {
            for (Sample &sample : values)
                sample.value += 1;
            const std::int64_t begin = threadTime();
            for (const auto &array : arrays)
                array->publish(values);
            const auto time = static_cast<double>(threadTime() - begin);
            {
                const std::lock_guard lock(m_mutex);
                m_time += time;
                m_count += Publisher::NameCount;
            }
            next += Period;
            std::this_thread::sleep_until(next);
        }
    }

    std::atomic<bool> m_isRunning = true;
    std::mutex m_mutex;
    double m_time = 0;
    double m_count = 0;
    std::thread m_thread; // the last one: it uses the others
};

} // namespace

int Publisher::run(const QString &prefix)
{
    std::vector<std::unique_ptr<Array>> arrays;
    for (int i = 0; i < NameCount; ++i) {
        arrays.push_back(std::make_unique<Array>(prefix + QString::number(i).rightJustified(2, u'0')));
        if (!arrays.back()->create(ElementCount)) {
            std::fputs("The publisher cannot create its segments.\n", stderr);
            return 1;
        }
    }
    PublisherThread thread(&arrays);
    std::puts("ready");
    std::fflush(stdout);
    std::string line;
    while (std::getline(std::cin, line)) {
        std::printf("%.3f\n", thread.takeMean());
        std::fflush(stdout);
    }
    return 0;
}

bool Publisher::start()
{
    m_prefix = u"benchmark.%1.explorer."_s.arg(QCoreApplication::applicationPid());
    return m_process.start(u"publisher"_s, m_prefix) == "ready";
}

std::optional<double> Publisher::meanTime()
{
    m_process.write("time\n");
    const double time = m_process.readLine().value_or(QByteArray()).toDouble();
    return time > 0 ? std::optional(time) : std::nullopt;
}
