// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"
#include "reading.h"

#include <SharedSegment/Consumer>
#include <SharedSegment/Producer>
#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedValue>

#include <QtTest/QSignalSpy>

#include <array>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;

using sharedsegment::Producer;
using sharedsegment::ProducerError;
using sharedsegment::RawProducer;

/// Both libraries in one process, and a producer in another.
class tst_Producer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void isShownByQt();
    void announcesUpdates();
    void killed();
    void killedWhileItPublishes();
    void multipleWriters();
    void otherLayout();
    void hasNoQt();
    void values();
    void writer();
    void variableCount();
    void runTimeLayout();
    void moved();
    void errors();

private:
    std::unique_ptr<Peer> producer(const QString &name, int length = 4, int bufferCount = 0,
                                   bool multipleWriters = false)
    {
        auto peer =
            std::make_unique<Peer>(QStringList{name, QString::number(length), nameOf(backend()),
                                               QString::number(bufferCount), multipleWriters ? u"many"_s : u"one"_s});
        const QString answer = peer->line();
        if (answer != u"ready"_s)
            qWarning("producer: %s", qPrintable(answer));
        return peer;
    }
    static sharedsegment::ProducerOptions options()
    {
        sharedsegment::ProducerOptions options;
        options.backend = static_cast<sharedsegment::ProducerBackend>(backend());
        return options;
    }

    RegistryFolder m_folder;
};

void tst_Producer::isShownByQt()
{
    const QString name = uniqueName();
    const auto peer = producer(name);
    QVERIFY(SharedSegment::exists(name));
    SharedArray<Reading> array(name);
    QVERIFY2(array.open(), qPrintable(array.errorString()));
    QCOMPARE(array.segment()->backend(), backend());
    QCOMPARE(array.segment()->ownerPid(), peer->pid());
    QCOMPARE(array.capacity(), 4);
    QCOMPARE(array.revision(), 0u);
    QCOMPARE(peer->ask("publish 42"), u"ok"_s);
    QCOMPARE(array.revision(), 1u);
    QCOMPARE(array.readElement(3).id, 42);
    QCOMPARE(array.readElement(3).value, 42.5);
    QCOMPARE(QByteArray(array.readElement(3).station), QByteArray("42"));
    QCOMPARE(peer->ask("set 1 7"), u"ok"_s);
    QCOMPARE(array.readElement(1).id, 7);
    QCOMPARE(array.readElement(2).id, 42);
    QVERIFY(peer->finish());
    QVERIFY(!SharedSegment::exists(name));
}

void tst_Producer::announcesUpdates()
{
    const QString name = uniqueName();
    const auto peer = producer(name);
    SharedArray<Reading> array(name);
    QVERIFY(array.open());
    QSignalSpy updated(array.segment(), &SharedSegment::updated);
    QSignalSpy orphaned(array.segment(), &SharedSegment::orphaned);
    QTRY_COMPARE(peer->ask("listeners"), u"1"_s);
    peer->ask("publish 1");
    QTRY_COMPARE(updated.size(), 1);
    peer->ask("publish 2");
    QTRY_COMPARE(updated.size(), 2);
    QCOMPARE(updated.last().first().value<SharedRevision>().number, 2u);
    QVERIFY(peer->finish());
    QTRY_COMPARE(orphaned.size(), 1);
}

void tst_Producer::killed()
{
    const QString name = uniqueName();
    auto peer = producer(name);
    peer->ask("publish 1");
    SharedArray<Reading> array(name);
    array.segment()->setActive(true);
    QCOMPARE(array.segment()->state(), SharedSegment::State::Open);
    QSignalSpy orphaned(array.segment(), &SharedSegment::orphaned);
    QSignalSpy opened(array.segment(), &SharedSegment::opened);
    peer->kill();
    QVERIFY(!SharedSegment::exists(name));
    QTRY_COMPARE(orphaned.size(), 1);
    QCOMPARE(array.readElement(0).id, 1);
    // The name is free at once, and a waiting process continues.
    peer = producer(name);
    QTRY_COMPARE(opened.size(), 1);
    peer->ask("publish 2");
    QTRY_COMPARE(array.readElement(0).id, 2);
}

void tst_Producer::killedWhileItPublishes()
{
    const QString name = uniqueName();
    for (int i = 0; i < 20; ++i) {
        const auto peer = producer(name, 1000, 4);
        SharedArray<Reading> array(name);
        QVERIFY(array.open());
        QCOMPARE(peer->ask("spin"), u"spinning"_s);
        while (array.revision() < 10)
            QTest::qWait(1);
        peer->kill();
        const QList<Reading> readings = array.snapshot();
        QCOMPARE(readings.size(), 1000);
        for (const Reading &reading : readings)
            QCOMPARE(reading.id, readings.first().id);
    }
}

void tst_Producer::multipleWriters()
{
    const QString name = uniqueName();
    const auto peer = producer(name, 4, 0, true);
    SharedArray<Reading> array(name);
    QVERIFY2(array.open(SharedSegment::Access::ReadWrite), qPrintable(array.errorString()));
    {
        auto writer = array.beginWrite();
        QVERIFY(writer);
        writer[2].id = 99;
    }
    QCOMPARE(peer->ask("get 2"), u"99"_s);
    QCOMPARE(peer->ask("set 1 7"), u"ok"_s);
    QCOMPARE(array.readElement(2).id, 99);
    QCOMPARE(array.readElement(1).id, 7);
}

void tst_Producer::otherLayout()
{
    const QString name = uniqueName();
    const auto peer = producer(name);
    SharedArray<double> array(name);
    QVERIFY(!array.open());
    QCOMPARE(array.error(), SharedSegment::Error::LayoutMismatch);
    QVERIFY(array.errorString().contains(u"Reading{id:i32@0;value:f64@8;station:char[12]@16}/32"_s));
}

void tst_Producer::hasNoQt()
{
    const auto peer = producer(uniqueName());
    QFile maps(u"/proc/%1/maps"_s.arg(peer->pid()));
    if (!maps.exists())
        QSKIP("nothing like /proc shows here what a process has loaded");
    QVERIFY(maps.open(QIODevice::ReadOnly));
    const QByteArray mapped = maps.readAll();
    QVERIFY(mapped.contains("producerpeer"));
    QVERIFY(!mapped.contains("libQt"));
}

void tst_Producer::values()
{
    const QString name = uniqueName();
    Producer<double> producer(name.toStdString());
    QVERIFY2(producer.create(3, options()), producer.errorString().c_str());
    QCOMPARE(producer.capacity(), 3u);
    QCOMPARE(producer.raw().size(), 24u);
    QCOMPARE(producer.raw().layout(), std::string("f64"));
    QCOMPARE(producer.raw().revision(), 0u);
    QVERIFY(producer.publish(std::array{1.5, 2.5, 3.5}));
    SharedArray<double> array(name);
    QVERIFY2(array.open(), qPrintable(array.errorString()));
    QCOMPARE(array.snapshot(), QList<double>({1.5, 2.5, 3.5}));
    std::array<double, 2> read{};
    QCOMPARE(producer.raw().read(std::as_writable_bytes(std::span(read))), std::optional<std::uint64_t>(1));
    QCOMPARE(read[1], 2.5);

    Producer<Reading> one(uniqueName().toStdString());
    QVERIFY(one.create(1, options()));
    QVERIFY(one.set({1, 2.5, "x"}));
    SharedValue<Reading> value(QString::fromStdString(one.raw().name()));
    QVERIFY(value.open());
    QCOMPARE(value.get().value, 2.5);
    producer.close();
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(!producer.raw().isOpen());
    QVERIFY(producer.create(5, options()));
}

void tst_Producer::variableCount()
{
    const QString name = uniqueName();
    Producer<double> producer(name.toStdString());
    sharedsegment::ProducerOptions described = options();
    described.metadata = R"({"unit":"m"})";
    QVERIFY2(producer.createWithCapacity(4, described), producer.errorString().c_str());
    SharedArray<double> array(name);
    QVERIFY2(array.open(), qPrintable(array.errorString()));
    QCOMPARE(array.segment()->kind(), SharedSegment::Kind::VariableArray);
    QCOMPARE(array.segment()->metadata(), (QVariantMap{{u"unit"_s, u"m"_s}}));
    QVERIFY(producer.publish(std::array{1.5, 2.5}));
    QCOMPARE(array.snapshot(), QList<double>({1.5, 2.5}));
    {
        auto writer = producer.beginWrite();
        QCOMPARE(writer.span().size(), 2u);
        QVERIFY(writer.resize(3));
        QVERIFY(!writer.resize(5));
        writer[2] = 7;
    }
    QCOMPARE(array.snapshot(), QList<double>({1.5, 2.5, 7}));
    {
        auto writer = producer.beginWrite();
        QVERIFY(writer.resize(0));
        QVERIFY(writer);
    }
    QCOMPARE(array.snapshot(), QList<double>());
    QVERIFY(producer.beginWrite());
    QVERIFY(!producer.publish(std::array{1.0, 2.0, 3.0, 4.0, 5.0}));
    QCOMPARE(producer.error(), ProducerError::InvalidSize);

    sharedsegment::Consumer<double> consumer(name.toStdString());
    QVERIFY2(consumer.open(), consumer.errorString().c_str());
    QCOMPARE(consumer.capacity(), 4u);
    QCOMPARE(consumer.raw().metadata(), described.metadata);
    QVERIFY(producer.publish(std::array{8.0}));
    std::array values{0.0, -1.0};
    const auto revision = consumer.read(values);
    QVERIFY(revision);
    QCOMPARE(revision->count, 1u);
    QCOMPARE(values, (std::array{8.0, -1.0}));
}

void tst_Producer::writer()
{
    const QString name = uniqueName();
    Producer<Reading> producer(name.toStdString());
    QVERIFY(!producer.beginWrite());
    QCOMPARE(producer.error(), ProducerError::NotFound);
    QVERIFY(producer.create(2, options()));
    {
        auto writer = producer.beginWrite();
        QVERIFY(writer);
        writer->id = 1;
        writer[1].id = 2;
    }
    QCOMPARE(producer.raw().revision(), 1u);
    {
        auto writer = producer.beginWrite();
        QCOMPARE(writer[1].id, 2);
        writer->id = 5;
        writer.discard();
        QVERIFY(!writer);
    }
    try {
        auto writer = producer.beginWrite();
        writer->id = 6;
        throw std::runtime_error("left");
    } catch (const std::runtime_error &) {
    }
    QCOMPARE(producer.raw().revision(), 1u);
    auto first = producer.beginWrite();
    // One at a time: the same thread would wait for itself.
    QVERIFY(!producer.beginWrite());
    QCOMPARE(producer.error(), ProducerError::Busy);
    first->id = 7;
    QCOMPARE(first.publish(), std::optional<std::uint64_t>(2));
    QCOMPARE(first.publish(), std::nullopt);
    auto second = producer.beginWrite();
    QVERIFY(second);
    producer.close();
    QCOMPARE(second.publish(), std::nullopt);
}

void tst_Producer::runTimeLayout()
{
    const QString name = uniqueName();
    RawProducer producer(name.toStdString());
    QVERIFY(producer.create("Point{x:f64;y:f64}", 2, options()));
    QCOMPARE(producer.layout(), std::string("Point{x:f64@0;y:f64@8}/16"));
    const std::array points{1.0, 2.0, 3.0, 4.0};
    QVERIFY(producer.publish(std::as_bytes(std::span(points))));
    SharedSegment segment(name);
    QVERIFY(segment.open());
    QCOMPARE(segment.snapshot(), QByteArray(reinterpret_cast<const char *>(points.data()), sizeof points));
}

void tst_Producer::moved()
{
    const QString name = uniqueName();
    RawProducer first(name.toStdString());
    QVERIFY(first.create("f64", 1, options()));
    RawProducer second(std::move(first));
    QVERIFY(second.isOpen());
    QVERIFY(SharedSegment::exists(name));
    first = RawProducer(uniqueName().toStdString());
    QVERIFY(first.create("f64", 1, options()));
    // The previous content of the assigned object is closed.
    second = std::move(first);
    QVERIFY(!SharedSegment::exists(name));
    QVERIFY(second.isOpen());
}

void tst_Producer::errors()
{
    const auto codeOf = [](const std::string &name, std::string_view layout, std::uint64_t length,
                           const sharedsegment::ProducerOptions &options) {
        RawProducer producer(name);
        if (producer.create(layout, length, options) || producer.errorString().empty() || producer.isOpen())
            return ProducerError::NoError;
        return producer.error();
    };
    const std::string name = uniqueName().toStdString();
    QCOMPARE(codeOf("", "f64", 1, options()), ProducerError::InvalidName);
    QCOMPARE(codeOf(std::string(256, 'x'), "f64", 1, options()), ProducerError::InvalidName);
    QCOMPARE(codeOf("\xff", "f64", 1, options()), ProducerError::InvalidName);
    QCOMPARE(codeOf(name, "f65", 1, options()), ProducerError::InvalidLayout);
    QCOMPARE(codeOf(name, "", 1, options()), ProducerError::InvalidLayout);
    QCOMPARE(codeOf(name, "f64", 0, options()), ProducerError::InvalidSize);
    QCOMPARE(codeOf(name, "f64", std::numeric_limits<std::uint64_t>::max(), options()), ProducerError::InvalidSize);
    auto wrong = options();
    wrong.bufferCount = 17;
    QCOMPARE(codeOf(name, "f64", 1, wrong), ProducerError::InvalidSize);
    wrong = options();
    const bool isWindows = SharedSegment::backends().contains(SharedSegment::Backend::Win32);
    wrong.backend = isWindows ? sharedsegment::ProducerBackend::Posix : sharedsegment::ProducerBackend::Win32;
    QCOMPARE(codeOf(name, "f64", 1, wrong), ProducerError::Unsupported);

    RawProducer producer(name);
    QVERIFY(!producer.publish({}));
    QCOMPARE(producer.error(), ProducerError::NotFound);
    QVERIFY(!producer.read({}));
    QVERIFY(producer.create("f64", 2, options()));
    QCOMPARE(producer.error(), ProducerError::NoError);
    QVERIFY(!producer.create("f64", 2, options()));
    QCOMPARE(producer.error(), ProducerError::InvalidState);
    QCOMPARE(codeOf(name, "f64", 1, options()), ProducerError::AlreadyExists);
    const std::vector<std::byte> bytes(24);
    QVERIFY(!producer.publish(bytes));
    QCOMPARE(producer.error(), ProducerError::InvalidSize);
    std::vector<std::byte> large(17);
    QVERIFY(!producer.read(large));
    QCOMPARE(producer.error(), ProducerError::InvalidSize);
    QVERIFY(producer.isOpen());
    QCOMPARE(producer.revision(), 0u);
}

QTEST_GUILESS_MAIN(tst_Producer)
#include "tst_producer.moc"
