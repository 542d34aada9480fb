// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Publishes a simulated plant: its figures and their history, its sensors, a vibration of 1 kHz, and a log.

#include "metadata.h"
#include "plant.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedStream>
#include <SharedSegment/SharedText>
#include <SharedSegment/SharedValue>

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QElapsedTimer>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>

#include <algorithm>
#include <chrono>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 HistoryCount = 300; // two minutes
constexpr qint64 StepsPerPoint = 4;
constexpr qint64 SamplesPerStep = 100; // one in a ms

qint64 now()
{
    return QDateTime::currentMSecsSinceEpoch() * 1'000'000;
}

/// All segments of the plant.
class Publisher
{
public:
    bool create()
    {
        const auto describe = [](SharedSegment *segment, const char *json) {
            segment->setMetadata(QJsonDocument::fromJson(json).object().toVariantMap());
        };
        describe(m_station.segment(), StationMetadata);
        describe(m_history.segment(), HistoryMetadata);
        describe(m_sensors.segment(), SensorsMetadata);
        describe(m_vibration.segment(), VibrationMetadata);
        describe(m_log.segment(), LogMetadata);
        m_station.create();
        m_history.createWithCapacity(HistoryCount);
        m_sensors.createWithCapacity(64);
        m_vibration.create(20'000);
        m_log.create(1000);
        for (SharedSegment *segment :
             {m_station.segment(), m_history.segment(), m_sensors.segment(), m_vibration.segment(), m_log.segment()}) {
            if (!segment->isOpen()) {
                QTextStream(stderr) << "plant: " << segment->errorString() << Qt::endl;
                return false;
            }
        }
        // It has run for two minutes when others see it.
        for (qint64 step = HistoryCount * StepsPerPoint; step > 0; --step)
            advance(now() - step * SamplesPerStep * 1'000'000);
        publish();
        m_clock.start();
        return true;
    }

    /// Publishes what has happened since the last call.
    void update(int speed)
    {
        const qint64 due = m_clock.elapsed();
        m_sampleCount = std::max(m_sampleCount, due - 1000); // what was not measured in time is missing
        const qint64 steps = due / SamplesPerStep - m_sampleCount / SamplesPerStep;
        std::vector<float> samples(static_cast<std::size_t>(due - m_sampleCount));
        std::generate(samples.begin(), samples.end(), [this] { return m_plant.vibrate(); });
        m_vibration.append(samples);
        m_sampleCount = due;
        for (qint64 step = 0; step < steps * speed; ++step)
            advance(now());
        if (steps > 0)
            publish();
    }

private:
    void advance(qint64 time)
    {
        m_time = time;
        m_plant.advance();
        m_newest = m_plant.measure();
        if (++m_step % StepsPerPoint == 0)
            m_points.push_back({time, m_newest.supply, m_newest.returned, m_newest.target});
        if (m_points.size() > HistoryCount)
            m_points.pop_front();
    }

    void publish()
    {
        m_station.set(m_newest);
        m_sensors.publish(m_plant.sensors());
        m_history.publish(m_points);
    }

    void log(int level, const QString &text)
    {
        Line line{m_time, static_cast<quint8>(level), {}};
        sharedsegment::setText(line.text, text);
        m_log.append(line);
    }

    SharedValue<Station> m_station{u"plant/station"_s};
    SharedArray<Point> m_history{u"plant/history"_s};
    SharedArray<Sensor> m_sensors{u"plant/sensors"_s};
    SharedStream<float> m_vibration{u"plant/vibration"_s};
    SharedStream<Line> m_log{u"plant/log"_s};
    Plant m_plant{[this](int level, const QString &text) { log(level, text); }};
    QElapsedTimer m_clock;
    QList<Point> m_points;
    Station m_newest{};
    qint64 m_step = 0;
    qint64 m_time = 0;
    qint64 m_sampleCount = 0;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Publishes a simulated plant, until Ctrl+C."_s);
    parser.addHelpOption();
    const QCommandLineOption speedOption(u"speed"_s, u"Let the plant live that many times faster."_s, u"N"_s, u"1"_s);
    parser.addOption(speedOption);
    parser.process(application);

    Publisher publisher;
    if (!publisher.create())
        return 1;
    QTextStream(stdout) << "publishing plant/*" << Qt::endl;
    QTimer timer;
    const int speed = std::clamp(parser.value(speedOption).toInt(), 1, 100);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&publisher, speed] { publisher.update(speed); });
    timer.setTimerType(Qt::PreciseTimer);
    timer.start(20ms);
    return QCoreApplication::exec();
}
