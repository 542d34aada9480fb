// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/backendtest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <array>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;

struct Sample
{
    qint32 id;
    double value;
    char label[20];
};
SHARED_STRUCT(Sample, id, value, label)

class tst_Writer : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { checkNothingIsLeft(); }

    void typedForms();
    void writerPublishesDiscardsUnwinds();
    void oneBuffer();
    void readsFromThreads();
};

void tst_Writer::typedForms()
{
    const QString name = uniqueName();
    SharedArray<double, 20> fixed(name);
    fixed.segment()->setBackend(backend());
    QVERIFY2(fixed.create(), qPrintable(fixed.errorString()));
    QCOMPARE(fixed.capacity(), 20);
    SharedArray<double> reader(name);
    QVERIFY(reader.open());
    std::vector<double> values(20);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = double(i) * 1.5;
    QVERIFY(fixed.publish(values));
    SharedRevision revision;
    QCOMPARE(reader.snapshot(&revision), QList<double>(values.begin(), values.end()));
    QCOMPARE(revision.number, 1u);
    QVERIFY(revision.timestamp > 0);
    QCOMPARE(reader.readElement(3), 4.5);
    QCOMPARE(reader.readElement(20), 0.0);
    QCOMPARE(reader.error(), Error::InvalidSize);
    std::array<double, 2> two{};
    QCOMPARE(reader.read(two), std::optional<quint64>(1));
    QCOMPARE(two[1], 1.5);
    QVERIFY(!fixed.publish(std::span<const double>(values).first(19)));
    QCOMPARE(fixed.error(), Error::InvalidSize);
    QVERIFY(reader.live().empty());

    SharedValue<Sample> sample(uniqueName());
    sample.segment()->setBackend(backend());
    QVERIFY(sample.create());
    SharedValue<Sample> mirror(sample.segment()->name());
    QVERIFY(mirror.open());
    sample.beginWrite()->id = 42;
    QVERIFY(sample.set({7, 2.5, "seven"}));
    QCOMPARE(mirror.get().id, 7);
    QCOMPARE(mirror.get().value, 2.5);
    QCOMPARE(QString::fromUtf8(mirror.get().label), u"seven"_s);
    QCOMPARE(mirror.revision(), 2u);
}

void tst_Writer::writerPublishesDiscardsUnwinds()
{
    SharedArray<int> array(uniqueName());
    array.segment()->setBackend(backend());
    for (const int bufferCount : {1, 2, 16}) {
        array.segment()->setBufferCount(bufferCount);
        QVERIFY(array.create(4));
        {
            auto w = array.beginWrite();
            QVERIFY(w);
            QCOMPARE(w.size(), 4);
            w[3] = 1;
            QCOMPARE(array.readElement(3), 0); // No reader sees it yet.
        }
        QCOMPARE(array.readElement(3), 1);
        {
            auto w = array.beginWrite();
            QCOMPARE(w[3], 1);
            w[3] = 2;
            w.discard();
            QVERIFY(!w);
        }
        QCOMPARE(array.readElement(3), 1);
        QCOMPARE(array.revision(), 1u);
        try {
            auto w = array.beginWrite();
            w[3] = 3;
            throw 1;
        } catch (int) {
        }
        QCOMPARE(array.readElement(3), 1);
        {
            auto w = array.beginWrite();
            QVERIFY(!array.beginWrite()); // A second one in the same thread is an error, not a deadlock.
            QCOMPARE(array.error(), Error::Busy);
            QCOMPARE(w.publish(), std::optional<quint64>(2));
            QVERIFY(!w.publish());
        }
        // Every buffer is used in turn.
        for (int i = 0; i < 40; ++i) {
            const std::array<int, 4> values{i, i, i, i};
            QVERIFY(array.publish(values));
            QCOMPARE(array.snapshot(), QList<int>(4, i));
        }
        {
            auto w = array.beginWrite();
            w[0] = 99;
            array.close(); // Destroyed while writing.
        }
        QVERIFY(!array.isOpen());
    }
}

void tst_Writer::oneBuffer()
{
    SharedArray<int> array(uniqueName());
    array.segment()->setBackend(backend());
    array.segment()->setBufferCount(1);
    QVERIFY(array.create(4));
    SharedArray<int> reader(array.segment()->name());
    QVERIFY(reader.open());
    array.live()[2] = 5;
    QCOMPARE(reader.live()[2], 5);
    QCOMPARE(reader.snapshot()[2], 5);
    array.beginWrite()[1] = 6;
    QCOMPARE(reader.live()[1], 6);
    QCOMPARE(reader.revision(), 1u);
}

void tst_Writer::readsFromThreads()
{
    SharedArray<quint64> owner(uniqueName());
    owner.segment()->setBackend(backend());
    QVERIFY(owner.create(512));
    SharedArray<quint64> reader(owner.segment()->name());
    QVERIFY(reader.open());
    std::atomic<bool> stop = false;
    std::atomic<int> torn = 0;
    std::atomic<int> reads = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            while (!stop) {
                const QList<quint64> values = reader.snapshot();
                for (const quint64 value : values) {
                    if (value != values.first())
                        ++torn;
                }
                reads += values.isEmpty() ? 0 : 1;
            }
        });
    }
    std::vector<quint64> values(512);
    for (quint64 i = 1; i < 20000 || reads < 100; ++i) {
        std::fill(values.begin(), values.end(), i);
        owner.publish(values);
        if (i % 2000 == 0) {
            // Closing under reading threads is safe.
            reader.close();
            QVERIFY(reader.open());
        }
    }
    stop = true;
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(torn.load(), 0);
}

QTEST_GUILESS_MAIN(tst_Writer)
#include "tst_writer.moc"
