// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The process that publishes what is plotted.

#include "scene.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QCoreApplication>
#include <QtCore/QSocketNotifier>
#include <QtCore/QTimer>

#include <chrono>
#include <cstdio>
#include <memory>
#include <vector>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int BatchTime = 10; // ms
constexpr qint64 BatchSize = scene::Rate * BatchTime / 1000;

class Publisher
{
public:
    explicit Publisher(const QString &prefix)
    {
        for (int i = 0; i < scene::SeriesCount; ++i) {
            m_streams.push_back(std::make_unique<SharedSegment>(scene::Source{prefix}.nameOf(i)));
            SharedSegment &stream = *m_streams.back();
            stream.setKind(SharedSegment::Kind::Stream);
            stream.setMetadata({{u"sampleRate"_s, scene::Rate}});
            // A reader that begins while it is appended to gets all that it shows.
            m_isReady = stream.create(SharedLayout::of<float>(), scene::Shown * 5 / 4) && m_isReady;
        }
    }

    bool isReady() const { return m_isReady; }
    qint64 count() const { return m_count; }

    void append(qint64 count)
    {
        m_samples.resize(static_cast<std::size_t>(count));
        for (int i = 0; i < scene::SeriesCount; ++i) {
            for (qint64 j = 0; j < count; ++j)
                m_samples[static_cast<std::size_t>(j)] = scene::valueOf(i, m_count + j);
            const QByteArrayView bytes(reinterpret_cast<const char *>(m_samples.data()),
                                       count * qsizetype(sizeof(float)));
            m_isReady = m_streams[static_cast<std::size_t>(i)]->append(bytes) && m_isReady;
        }
        m_count += count;
    }

private:
    std::vector<std::unique_ptr<SharedSegment>> m_streams;
    std::vector<float> m_samples;
    qint64 m_count = 0;
    bool m_isReady = true;
};

} // namespace

namespace scene {

int publish(const QString &prefix)
{
    using namespace std::chrono;
    Publisher publisher(prefix);
    for (qint64 i = 0; i < Shown; i += BatchSize)
        publisher.append(BatchSize);
    if (!publisher.isReady()) {
        std::fputs("The publisher cannot create or fill its streams.\n", stderr);
        return 1;
    }
    const auto start = steady_clock::now();
    const qint64 first = publisher.count();
    std::printf("%lld %lld\n",
                static_cast<long long>(duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count()),
                static_cast<long long>(first));
    std::fflush(stdout);
    QTimer timer;
    timer.setTimerType(Qt::PreciseTimer);
    QObject::connect(&timer, &QTimer::timeout, &timer, [&] {
        // Late ones are made up for at once.
        const qint64 due = duration_cast<milliseconds>(steady_clock::now() - start).count() * Rate / 1000;
        while (publisher.count() - first + BatchSize <= due)
            publisher.append(BatchSize);
        if (!publisher.isReady())
            QCoreApplication::exit(1);
    });
    timer.start(BatchTime);
    QSocketNotifier end(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&end, &QSocketNotifier::activated, qApp, &QCoreApplication::quit);
    return QCoreApplication::exec();
}

} // namespace scene
