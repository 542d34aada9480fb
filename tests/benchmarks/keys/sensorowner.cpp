// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "sensorowner.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QCoreApplication>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

using namespace Qt::StringLiterals;

namespace {

class SensorPublisher
{
public:
    explicit SensorPublisher(const QString &name)
        : m_array(name)
    {
    }
    ~SensorPublisher() { stop(); }

    bool create() { return m_array.createWithCapacity(Sensors::Count) && m_array.publish(m_sensors.all()); }

    void start(SensorChange change)
    {
        m_isRunning = true;
        m_thread = std::thread([this, change] {
            constexpr std::chrono::nanoseconds Period{1'000'000'000 / SensorOwner::Rate};
            auto next = std::chrono::steady_clock::now();
            while (m_isRunning) {
                m_sensors.step(change);
                m_array.publish(m_sensors.all());
                next += Period;
                std::this_thread::sleep_until(next);
            }
        });
    }

    void stop()
    {
        m_isRunning = false;
        if (m_thread.joinable())
            m_thread.join();
    }

private:
    SharedArray<Sensor> m_array;
    Sensors m_sensors;
    std::thread m_thread;
    std::atomic<bool> m_isRunning = false;
};

} // namespace

int SensorOwner::run(const QString &name)
{
    SensorPublisher publisher(name);
    const bool isCreated = publisher.create();
    std::puts(isCreated ? "done" : "failed");
    std::fflush(stdout);
    std::string command;
    while (isCreated && std::getline(std::cin, command)) {
        publisher.stop();
        if (command != "stop")
            publisher.start(command == "coming" ? SensorChange::Coming : SensorChange::Values);
        std::puts("done");
        std::fflush(stdout);
    }
    return isCreated ? 0 : 1;
}

bool SensorOwner::start()
{
    m_name = u"benchmark.%1.sensors"_s.arg(QCoreApplication::applicationPid());
    return m_process.start(u"sensors"_s, m_name) == "done";
}

bool SensorOwner::ask(const QByteArray &command)
{
    m_process.write(command + '\n');
    return m_process.readLine() == "done";
}

bool SensorOwner::startPublishing(SensorChange change)
{
    return ask(change == SensorChange::Coming ? "coming" : "values");
}

bool SensorOwner::stopPublishing()
{
    return ask("stop");
}
