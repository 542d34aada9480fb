// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The snippets of src/doc/without-qt.md about consumers and streams that are in no example, word for word.

#include "../../support/testsupport.h"

#include <SharedSegment/Consumer>
#include <SharedSegment/Producer>
#include <SharedSegment/StreamConsumer>

#include <QtTest/QTest>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <poll.h>
#include <semaphore>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace testsupport;

struct Sample
{
    std::int32_t id;
    double value;
};
SHARED_STRUCT(Sample, id, value)

class tst_WithoutQtSnippets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void partOfAnArray();
    void unknownLayout();
    void descriptor();
    void stream();

private:
    RegistryFolder m_folder;
    QList<double> m_shown;
    std::vector<Sample> m_recorded;
    std::counting_semaphore<> m_isRecorded{0};

    void show(double value) { m_shown.append(value); }
    void record(const Sample &sample)
    {
        m_recorded.push_back(sample);
        m_isRecorded.release();
    }
    void readSamples();
};

void tst_WithoutQtSnippets::partOfAnArray()
{
    sharedsegment::Producer<float> producer("lateness/history");
    QVERIFY2(producer.create(3000), producer.errorString().c_str());
    std::vector<float> values(3000);
    values[2975] = 1.5f;
    values[2999] = 2.5f;
    QVERIFY(producer.publish(values));

    sharedsegment::Consumer<float> history("lateness/history");
    std::array<float, 25> newest{};
    if (!history.open() || !history.read(newest, history.capacity() - newest.size()))
        std::cerr << history.errorString() << '\n';

    QCOMPARE(newest.front(), 1.5f);
    QCOMPARE(newest.back(), 2.5f);
}

void tst_WithoutQtSnippets::unknownLayout()
{
    sharedsegment::RawProducer producer("lateness/summary");
    QVERIFY2(producer.create("Summary{wakeUps:u64;median:f32;worst:f32}", 1), producer.errorString().c_str());

    sharedsegment::RawConsumer any("lateness/summary");
    if (any.open()) {
        std::vector<std::byte> bytes(any.size());
        if (any.read(bytes))
            std::cout << any.layout() << ", " << bytes.size() << " bytes\n";
    }

    QCOMPARE(any.layout(), std::string("Summary{wakeUps:u64@0;median:f32@8;worst:f32@12}/16"));
    QCOMPARE(any.error(), sharedsegment::ErrorCode::NoError);
}

void tst_WithoutQtSnippets::descriptor()
{
    sharedsegment::Producer<double> producer("level");
    QVERIFY2(producer.create(), producer.errorString().c_str());
    sharedsegment::Consumer<double> level("level");
    QVERIFY2(level.open(), level.errorString().c_str());
    std::thread publishing([&producer] {
        for (const double value : {1.5, 2.5, 3.5}) {
            std::this_thread::sleep_for(20ms);
            producer.set(value);
        }
        std::this_thread::sleep_for(20ms);
        producer.close();
    });

    constexpr auto Past = sharedsegment::RawConsumer::Deadline::min();
    pollfd event{static_cast<int>(level.raw().updateDescriptor()), POLLIN, 0};
    std::uint64_t seen = 0;
    for (;;) {
        while (level.waitForUpdated(seen, Past)) {
            seen = level.raw().revision();
            double value = 0;
            if (const auto revision = level.read(value)) {
                seen = revision->number;
                show(value);
            }
        }
        if (level.error() != sharedsegment::ErrorCode::NoError)
            break; // the owner is gone
        poll(&event, 1, -1);
    }

    publishing.join();
    QCOMPARE(level.error(), sharedsegment::ErrorCode::NotFound);
    QVERIFY(!m_shown.isEmpty());
    QCOMPARE(m_shown.last(), 3.5);
    QCOMPARE(seen, 3u);
}

void tst_WithoutQtSnippets::readSamples()
{
    constexpr auto Forever = sharedsegment::RawStreamConsumer::Deadline::max();

    sharedsegment::StreamConsumer<Sample> samples("samples");
    if (!samples.open())
        std::cerr << samples.errorString() << '\n';
    samples.seekToOldest();
    while (samples.waitForUpdated(Forever)) {
        for (const Sample &sample : samples.readNew())
            record(sample);
    }
    std::cout << samples.position() << " elements, of which " << samples.lost() << " were lost\n";
}

void tst_WithoutQtSnippets::stream()
{
    sharedsegment::Producer<Sample> samples("samples");
    if (!samples.createStream(100'000))
        std::cerr << samples.errorString() << '\n';
    const Sample sample{1, 1.5};
    const std::vector<Sample> batch{{2, 2.5}, {3, 3.5}};
    samples.append(sample);
    std::thread reading([this] { readSamples(); });
    samples.append(batch);
    for (int i = 0; i < 3; ++i)
        static_cast<void>(m_isRecorded.try_acquire_for(20s));
    samples.close();

    reading.join();
    QCOMPARE(m_recorded.size(), 3u);
    QCOMPARE(m_recorded.back().value, 3.5);
}

QTEST_GUILESS_MAIN(tst_WithoutQtSnippets)
#include "tst_withoutqtsnippets.moc"
