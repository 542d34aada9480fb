// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The consumers' snippets of src/doc/without-qt.md that are in no example, word for word.

#include "../../support/testsupport.h"

#include <SharedSegment/Consumer>
#include <SharedSegment/Producer>

#include <QtTest/QTest>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <poll.h>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace testsupport;

class tst_WithoutQtSnippets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void partOfAnArray();
    void unknownLayout();
    void descriptor();

private:
    RegistryFolder m_folder;
    QList<double> m_shown;

    void show(double value) { m_shown.append(value); }
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

QTEST_GUILESS_MAIN(tst_WithoutQtSnippets)
#include "tst_withoutqtsnippets.moc"
