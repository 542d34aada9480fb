// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"
#include "reading.h"

#include <SharedSegment/Consumer>
#include <SharedSegment/Producer>
#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#ifdef Q_OS_UNIX
#include "../../support/posixchild.h"

#include <poll.h>
#endif

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace testsupport;

using sharedsegment::Consumer;
using sharedsegment::ErrorCode;
using sharedsegment::Producer;
using sharedsegment::RawConsumer;
using sharedsegment::RevisionInfo;

namespace {

RawConsumer::Deadline in(std::chrono::milliseconds time)
{
    return std::chrono::steady_clock::now() + time;
}

constexpr std::chrono::milliseconds Long{Deadline};

} // namespace

/// Consumers without Qt, beside a producer in another process, and beside Qt in this one.
class tst_Consumer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void reads();
    void expects();
    void errors();
    void waitsForUpdates();
    void waitsForTheOwner();
    void waitsForTheNextOwner();
    void learnsOfAReplacement();
    void keepsTheLastRevision();
    void descriptor();
    void inAForkedChild();
    void moved();
    void oneEngine();

private:
    std::unique_ptr<Peer> producer(const QString &name, int length = 4)
    {
        auto peer =
            std::make_unique<Peer>(QStringList{name, QString::number(length), nameOf(backend()), u"0"_s, u"one"_s});
        const QString answer = peer->line();
        if (answer != u"ready"_s)
            qWarning("producer: %s", qPrintable(answer));
        return peer;
    }
    static std::string uniqueUtf8() { return uniqueName().toStdString(); }

    RegistryFolder m_folder;
};

void tst_Consumer::reads()
{
    const std::string name = uniqueUtf8();
    const auto peer = producer(QString::fromStdString(name));
    Consumer<Reading> consumer(name);
    QVERIFY2(consumer.open(), consumer.errorString().c_str());
    QCOMPARE(consumer.capacity(), 4u);
    QCOMPARE(consumer.raw().size(), 4 * sizeof(Reading));
    QVERIFY(consumer.raw().hasOwner());
    Reading reading;
    std::optional<RevisionInfo> revision = consumer.read(reading);
    QVERIFY(revision);
    QCOMPARE(revision->number, 0u);
    QCOMPARE(revision->count, 4u);
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    QCOMPARE(peer->ask("publish 42"), u"ok"_s);
    QCOMPARE(peer->ask("set 2 7"), u"ok"_s);
    std::array<Reading, 2> readings;
    revision = consumer.read(readings, 1);
    QVERIFY2(revision, consumer.errorString().c_str());
    QCOMPARE(revision->number, 2u);
    QVERIFY(revision->timestamp / 1'000'000 >= before - 1);
    QCOMPARE(readings[0].id, 42);
    QCOMPARE(readings[1].id, 7);
    QVERIFY(!consumer.read(readings, 3));
    QCOMPARE(consumer.error(), ErrorCode::InvalidSize);
    QVERIFY(consumer.read(readings, 2));
    QCOMPARE(consumer.error(), ErrorCode::NoError);
    QVERIFY(peer->finish());
}

void tst_Consumer::expects()
{
    const std::string name = uniqueUtf8();
    const auto peer = producer(QString::fromStdString(name));
    Consumer<double> other(name);
    QVERIFY(!other.open());
    QCOMPARE(other.error(), ErrorCode::LayoutMismatch);
    QVERIFY(QByteArray(other.errorString().c_str()).contains("expected is \"f64\""));
    Consumer<Reading> longer(name);
    QVERIFY(!longer.open(5));
    QCOMPARE(longer.error(), ErrorCode::LayoutMismatch);
    QVERIFY(longer.open(4));
    RawConsumer any(name);
    QVERIFY(any.open());
    QCOMPARE(any.layout(), longer.raw().layout());
    QVERIFY(!any.open());
    QCOMPARE(any.error(), ErrorCode::InvalidState);
    any.close();
    QVERIFY(!any.open("f65"));
    QCOMPARE(any.error(), ErrorCode::InvalidLayout);
    QVERIFY(peer->finish());
}

void tst_Consumer::errors()
{
    RawConsumer closed(uniqueUtf8());
    std::array<std::byte, 8> bytes;
    QVERIFY(!closed.read(bytes));
    QCOMPARE(closed.error(), ErrorCode::NotFound);
    QVERIFY(!closed.waitForUpdated(0, in(0ms)));
    QCOMPARE(closed.error(), ErrorCode::NotFound);
    QCOMPARE(closed.updateDescriptor(), -1);
    QVERIFY(!closed.open());
    QCOMPARE(closed.error(), ErrorCode::NotFound);
    // The folder is named, because the owner may have another one.
    QVERIFY(QString::fromStdString(closed.errorString()).contains(m_folder.path()));
    RawConsumer nameless;
    QVERIFY(!nameless.open());
    QCOMPARE(nameless.error(), ErrorCode::InvalidName);
    QVERIFY(!nameless.waitForOpened(in(Long)));
    QCOMPARE(nameless.error(), ErrorCode::InvalidName);
    Producer<double> near("temperature");
    QVERIFY(near.create());
    Consumer<double> mistyped("temperatura");
    QVERIFY(!mistyped.open());
    QVERIFY(QByteArray(mistyped.errorString().c_str()).contains("did you mean \"temperature\"?"));
}

void tst_Consumer::waitsForUpdates()
{
    const std::string name = uniqueUtf8();
    const auto peer = producer(QString::fromStdString(name));
    Consumer<Reading> consumer(name);
    QVERIFY(consumer.open());
    QVERIFY(!consumer.waitForUpdated(0, in(30ms)));
    QCOMPARE(consumer.error(), ErrorCode::NoError);
    std::uint64_t seen = 0;
    for (int i = 1; i <= 20; ++i) {
        peer->tell("publish " + QByteArray::number(i));
        Reading reading;
        do {
            QVERIFY2(consumer.waitForUpdated(seen, in(Long)), consumer.errorString().c_str());
            const std::optional<RevisionInfo> revision = consumer.read(reading);
            QVERIFY(revision);
            QVERIFY(revision->number > seen);
            seen = revision->number;
        } while (reading.id < i);
        QCOMPARE(peer->line(), u"ok"_s);
    }
    QCOMPARE(seen, 20u);
    // An update that came before the call is one.
    QVERIFY(consumer.waitForUpdated(3, in(0ms)));
    QVERIFY(peer->finish());
    QVERIFY(!consumer.waitForUpdated(seen, RawConsumer::Deadline::max()));
    QCOMPARE(consumer.error(), ErrorCode::NotFound);
}

void tst_Consumer::waitsForTheOwner()
{
    const std::string name = uniqueUtf8();
    Consumer<Reading> consumer(name);
    QVERIFY(!consumer.waitForOpened(in(30ms)));
    QCOMPARE(consumer.error(), ErrorCode::NotFound);
    std::atomic<bool> isOpen = false;
    std::thread waiting([&] { isOpen = consumer.waitForOpened(in(Long)); });
    const auto peer = producer(QString::fromStdString(name));
    waiting.join();
    QVERIFY2(isOpen, consumer.errorString().c_str());
    QVERIFY(peer->finish());
}

void tst_Consumer::waitsForTheNextOwner()
{
    const std::string name = uniqueUtf8();
    auto peer = producer(QString::fromStdString(name));
    Consumer<Reading> consumer(name);
    QVERIFY(consumer.open());
    for (int i = 1; i <= 5; ++i) {
        QCOMPARE(peer->ask("publish " + QByteArray::number(i)), u"ok"_s);
        peer->kill();
        QVERIFY(consumer.waitForUpdated(0, in(Long)));
        QVERIFY(!consumer.waitForUpdated(1, in(Long)));
        QCOMPARE(consumer.error(), ErrorCode::NotFound);
        QVERIFY(!consumer.raw().hasOwner());
        consumer.close();
        peer = producer(QString::fromStdString(name));
        QVERIFY2(consumer.waitForOpened(in(Long)), consumer.errorString().c_str());
    }
    consumer.close();
    QVERIFY(peer->finish());
}

void tst_Consumer::learnsOfAReplacement()
{
    const std::string name = uniqueUtf8();
    SharedArray<double> owner(QString::fromStdString(name));
    owner.segment()->setBackend(backend());
    QVERIFY(owner.createWithCapacity(2));
    QVERIFY(owner.publish(std::array{1.5, 2.5}));
    Consumer<double> consumer(name);
    QVERIFY(consumer.open());
    QVERIFY(consumer.waitForUpdated(0, in(Long)));
    QVERIFY(owner.segment()->recreate(3));
    QVERIFY(!consumer.waitForUpdated(1, in(Long)));
    QCOMPARE(consumer.error(), ErrorCode::NotFound);
    QVERIFY2(consumer.errorString().find("replaced") != std::string::npos, consumer.errorString().c_str());
    consumer.close();
    QVERIFY2(consumer.waitForOpened(in(Long)), consumer.errorString().c_str());
    QCOMPARE(consumer.capacity(), 3u);
    QVERIFY(owner.publish(std::array{3.5, 4.5, 5.5}));
    QVERIFY(consumer.waitForUpdated(1, in(Long)));
    std::array<double, 3> values{};
    QVERIFY(consumer.read(values));
    QCOMPARE(values.back(), 5.5);
    owner.close();
    QVERIFY(!consumer.waitForUpdated(2, in(Long)));
    QVERIFY2(consumer.errorString().find("gone") != std::string::npos, consumer.errorString().c_str());
}

void tst_Consumer::keepsTheLastRevision()
{
    const std::string name = uniqueUtf8();
    auto peer = producer(QString::fromStdString(name));
    Consumer<Reading> consumer(name);
    QVERIFY(consumer.open());
    QCOMPARE(peer->ask("publish 3"), u"ok"_s);
    peer->kill();
    Reading reading;
    QVERIFY(consumer.read(reading));
    QCOMPARE(reading.id, 3);
    QVERIFY(consumer.raw().isOpen());
}

void tst_Consumer::descriptor()
{
#ifdef Q_OS_UNIX
    const std::string name = uniqueUtf8();
    const auto peer = producer(QString::fromStdString(name));
    RawConsumer consumer(name);
    QVERIFY(consumer.open());
    pollfd event{static_cast<int>(consumer.updateDescriptor()), POLLIN, 0};
    QVERIFY2(event.fd >= 0, consumer.errorString().c_str());
    QVERIFY(!consumer.waitForUpdated(0, in(0ms)));
    for (std::uint64_t seen = 0; seen < 5; ++seen) {
        QCOMPARE(::poll(&event, 1, 0), 0);
        QCOMPARE(peer->ask("publish 1"), u"ok"_s);
        QCOMPARE(::poll(&event, 1, Deadline), 1);
        QVERIFY(consumer.waitForUpdated(seen, in(0ms)));
        QVERIFY(!consumer.waitForUpdated(seen + 1, in(0ms)));
        QCOMPARE(consumer.error(), ErrorCode::NoError);
    }
    peer->kill();
    QCOMPARE(::poll(&event, 1, Deadline), 1);
    QVERIFY(!consumer.waitForUpdated(5, in(Long)));
    QCOMPARE(consumer.error(), ErrorCode::NotFound);
#else
    QSKIP("Windows groups no handles");
#endif
}

void tst_Consumer::inAForkedChild()
{
#ifdef Q_OS_UNIX
    const std::string name = uniqueUtf8();
    const auto peer = producer(QString::fromStdString(name));
    QCOMPARE(peer->ask("publish 9"), u"ok"_s);
    Consumer<Reading> consumer(name);
    QVERIFY(consumer.open());
    QCOMPARE(childprocess::inChild([&] {
                 Reading reading;
                 if (!consumer.read(reading) || reading.id != 9)
                     return 1;
                 if (consumer.waitForUpdated(0, in(Long)) || consumer.error() != ErrorCode::PermissionDenied)
                     return 2;
                 Consumer<Reading> own(name);
                 return own.open() && own.waitForUpdated(0, in(Long)) ? 0 : 3;
             }),
             0);
    QVERIFY(consumer.waitForUpdated(0, in(Long)));
    QVERIFY(peer->finish());
#else
    QSKIP("Windows forks no processes");
#endif
}

void tst_Consumer::moved()
{
    const std::string name = uniqueUtf8();
    Producer<double> producer(name);
    QVERIFY(producer.create(2));
    RawConsumer first(name);
    QVERIFY(first.open());
    RawConsumer second(std::move(first));
    QVERIFY(second.isOpen());
    QCOMPARE(second.name(), name);
    QVERIFY(!first.isOpen()); // NOLINT(bugprone-use-after-move): it is documented
    QCOMPARE(first.name(), std::string());
    first = std::move(second);
    QVERIFY(first.isOpen());
}

/// What a process has once exists once, whether it comes to the library by Qt or without.
void tst_Consumer::oneEngine()
{
    const std::string name = uniqueUtf8();
    Producer<double> producer(name);
    QVERIFY(producer.create(2));
    // Only in the owner's process may others write to a segment with a single writer.
    SharedArray<double> inQt(QString::fromStdString(name));
    QVERIFY2(inQt.open(SharedSegment::Access::ReadWrite), qPrintable(inQt.errorString()));
    Consumer<double> consumer(name);
    QVERIFY(consumer.open());
    QSignalSpy updated(inQt.segment(), &SharedSegment::updated);
    QSignalSpy orphaned(inQt.segment(), &SharedSegment::orphaned);
    QVERIFY(producer.publish(std::array{1.0, 2.0}));
    QTRY_COMPARE(updated.count(), 1);
    QVERIFY(inQt.publish(std::array{3.0, 4.0}));
    double value = 0;
    QVERIFY(consumer.read(value));
    QCOMPARE(value, 3.0);
    // The owner's process has no doorbells: they know each other.
    QCOMPARE(producer.raw().listenerCount(), 0);
    producer.close();
    QTRY_COMPARE(orphaned.count(), 1);
    QVERIFY(!inQt.publish(std::array{5.0, 6.0}));
    QVERIFY(!consumer.raw().hasOwner());
}

QTEST_GUILESS_MAIN(tst_Consumer)
#include "tst_consumer.moc"
