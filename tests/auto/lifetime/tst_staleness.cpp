// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// How old the newest revision is, and whether that is too old: age, stale, staleAfter.

#include "../../support/backendtest.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedStream>

#include <QtCore/QElapsedTimer>
#include <QtCore/QEventLoop>
#include <QtCore/QMetaProperty>
#include <QtCore/QThread>
#include <QtCore/QTimer>
#include <QtTest/QSignalSpy>

#include <atomic>
#include <limits>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;

namespace {

/// The peer as an owner of `kind`, with `metadata`.
std::unique_ptr<Peer> ownerWith(const QString &name, const QString &kind, const QString &metadata)
{
    auto peer = std::make_unique<Peer>(
        QStringList{u"own"_s, name, u"u64"_s, u"8"_s, nameOf(backend()), u"0"_s, u"one"_s, kind, metadata});
    const QString answer = peer->line();
    if (answer != u"ready"_s)
        qWarning("peer: %s", qPrintable(answer));
    return peer;
}

} // namespace

class tst_Staleness : public BackendTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data()
    {
        // The kind of memory makes no difference to it.
        QTest::addColumn<SharedSegment::Backend>("backend");
        QTest::newRow("preferred") << preferredBackend();
    }
    void cleanup() { checkNothingIsLeft(); }

    void untilItIsPublished();
    void olderThanStaleAfter();
    void staysLiveWithUpdates();
    void neverTooOld();
    void metadata_data();
    void metadata();
    void metadataOfTheOpenSegment();
    void setAndReset();
    void orphanedAtOnce();
    void nextInstance();
    void stream();
    void ageNotifies();
    void ownRevisions();
    void connectedInOtherThreads();
    void movesToAnotherThread();
    void deletedByAReceiver();
    void beforeTheLoop();
};

void tst_Staleness::untilItIsPublished()
{
    SharedSegment s(uniqueName());
    QCOMPARE(s.age(), -1);
    QVERIFY(s.isStale());
    QCOMPARE(s.staleAfter(), 0);
    QSignalSpy stale(&s, &SharedSegment::staleChanged);
    QSignalSpy age(&s, &SharedSegment::ageChanged);
    QVERIFY(create(s));
    QCOMPARE(s.age(), -1);
    QVERIFY(s.isStale());
    QCOMPARE(stale.count(), 0);
    QVERIFY(s.publish(QByteArray(64, 'x')));
    // Without the event loop, too.
    QVERIFY(s.age() >= 0);
    QVERIFY(!s.isStale());
    QTRY_COMPARE_WITH_TIMEOUT(stale.count(), 1, Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(age.count() > 0, Deadline);
    QVERIFY(!s.isStale());
    s.close();
    QVERIFY(s.isStale());
    QCOMPARE(s.age(), -1);
    QCOMPARE(stale.count(), 2);
}

void tst_Staleness::olderThanStaleAfter()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    s.setStaleAfter(150);
    QStringList order;
    qint64 ageThen = -1;
    connect(&s, &SharedSegment::updated, this, [&] { order.append(u"updated"_s); });
    connect(&s, &SharedSegment::staleChanged, this, [&] {
        order.append(s.isStale() ? u"stale"_s : u"live"_s);
        ageThen = s.age();
    });
    QVERIFY(s.open());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    // Nothing else happens but the time.
    QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({u"updated"_s, u"live"_s, u"stale"_s}), Deadline);
    QVERIFY2(ageThen >= 150, qPrintable(QString::number(ageThen)));
    QCOMPARE(peer->ask("publish 6"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 6, Deadline);
    QCOMPARE(order.sliced(3), QStringList({u"updated"_s, u"live"_s, u"stale"_s}));
    QVERIFY(ageThen >= 150);
    QCOMPARE(s.state(), State::Open);
}

void tst_Staleness::staysLiveWithUpdates()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    s.setStaleAfter(3000);
    QVERIFY(s.open());
    QCOMPARE(peer->ask("publish 1"), u"published 1"_s);
    QSignalSpy stale(&s, &SharedSegment::staleChanged);
    QSignalSpy updated(&s, &SharedSegment::updated);
    // More often than the alarm has to be set.
    for (int i = 2; i < 40; ++i) {
        QCOMPARE(peer->ask("publish 5"), u"published %1"_s.arg(i));
        QTRY_COMPARE_WITH_TIMEOUT(updated.count() > 0, true, Deadline);
        updated.clear();
        s.setStaleAfter(i % 2 == 0 ? 3000 : 4000);
    }
    QCOMPARE(stale.count(), 0);
    QVERIFY(!s.isStale());
    s.setStaleAfter(1);
    QTRY_COMPARE_WITH_TIMEOUT(stale.count(), 1, Deadline);
    QVERIFY(s.isStale());
    s.setStaleAfter(std::numeric_limits<int>::max());
    QCOMPARE(stale.count(), 2);
    QVERIFY(!s.isStale());
}

void tst_Staleness::neverTooOld()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s));
    QVERIFY(s.publish(QByteArray(64, 'x')));
    for (const int never : {0, -1, std::numeric_limits<int>::min()}) {
        s.setStaleAfter(never);
        QCOMPARE(s.staleAfter(), 0);
        QTest::qSleep(2);
        QVERIFY(s.age() > 0);
        QVERIFY(!s.isStale());
    }
    s.setStaleAfter(1);
    QVERIFY(s.isStale());
}

void tst_Staleness::metadata_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<int>("expected");
    QTest::newRow("none") << u"{}"_s << 0;
    QTest::newRow("number") << u"{\"staleAfter\": 250}"_s << 250;
    QTest::newRow("fraction") << u"{\"staleAfter\": 0.25}"_s << 1;
    QTest::newRow("zero") << u"{\"staleAfter\": 0}"_s << 0;
    QTest::newRow("negative") << u"{\"staleAfter\": -5}"_s << 0;
    QTest::newRow("huge") << u"{\"staleAfter\": 1e300}"_s << std::numeric_limits<int>::max();
    QTest::newRow("text") << u"{\"staleAfter\": \"250\"}"_s << 0;
    QTest::newRow("bool") << u"{\"staleAfter\": true}"_s << 0;
    QTest::newRow("null") << u"{\"staleAfter\": null}"_s << 0;
    QTest::newRow("list") << u"{\"staleAfter\": [250]}"_s << 0;
    QTest::newRow("object") << u"{\"staleAfter\": {\"a\": 1}}"_s << 0;
    QTest::newRow("no JSON") << u"{\"staleAfter\": 250"_s << 0;
}

void tst_Staleness::metadata()
{
    QFETCH(QString, json);
    QFETCH(int, expected);
    const QString name = uniqueName();
    auto peer = ownerWith(name, u"fixed"_s, json);
    SharedSegment s(name);
    QSignalSpy changed(&s, &SharedSegment::staleAfterChanged);
    int atOpening = -1;
    connect(&s, &SharedSegment::opened, this, [&] { atOpening = s.staleAfter(); });
    QVERIFY(s.open());
    QCOMPARE(atOpening, expected);
    QCOMPARE(s.staleAfter(), expected);
    QCOMPARE(changed.count(), expected > 0 ? 1 : 0);
    s.close();
    QCOMPARE(s.staleAfter(), 0);
    QCOMPARE(changed.count(), expected > 0 ? 2 : 0);
}

void tst_Staleness::metadataOfTheOpenSegment()
{
    SharedSegment s(uniqueName());
    s.setMetadata({{u"staleAfter"_s, 250}});
    QCOMPARE(s.staleAfter(), 250);
    QVERIFY(create(s));
    QCOMPARE(s.staleAfter(), 250);
    s.setMetadata({{u"staleAfter"_s, 300}});
    QCOMPARE(s.staleAfter(), 250);
    QVERIFY(s.recreate(16));
    QCOMPARE(s.staleAfter(), 300);
    s.setMetadata({});
    s.close();
    QCOMPARE(s.staleAfter(), 0);
}

void tst_Staleness::setAndReset()
{
    SharedSegment s(uniqueName());
    s.setMetadata({{u"staleAfter"_s, 250}});
    QSignalSpy changed(&s, &SharedSegment::staleAfterChanged);
    s.setStaleAfter(250);
    QCOMPARE(changed.count(), 0);
    s.setStaleAfter(0);
    QCOMPARE(s.staleAfter(), 0);
    QCOMPARE(changed.count(), 1);
    QVERIFY(create(s)); // What is set counts more than the metadata.
    QCOMPARE(s.staleAfter(), 0);
    QVERIFY(s.metaObject()->property(s.metaObject()->indexOfProperty("staleAfter")).reset(&s));
    QCOMPARE(s.staleAfter(), 250);
    QCOMPARE(changed.count(), 2);
}

void tst_Staleness::orphanedAtOnce()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    SharedSegment s(name);
    QVERIFY(s.open());
    QVERIFY(!s.isStale());
    QStringList order;
    connect(&s, &SharedSegment::staleChanged, this, [&] { order.append(s.isStale() ? u"stale"_s : u"live"_s); });
    connect(&s, &SharedSegment::orphaned, this, [&] { order.append(u"orphaned"_s); });
    QSignalSpy age(&s, &SharedSegment::ageChanged);
    QCoreApplication::processEvents();
    peer->kill();
    QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({u"stale"_s, u"orphaned"_s}), Deadline);
    // What was published last gets older all the same.
    const qint64 before = s.age();
    age.clear();
    QTRY_VERIFY_WITH_TIMEOUT(age.count() > 1, Deadline);
    QVERIFY(s.age() > before);
    SharedSegment::names(); // sweeps what it left
}

void tst_Staleness::nextInstance()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    QStringList order;
    connect(&s, &SharedSegment::staleChanged, this, [&] { order.append(s.isStale() ? u"stale"_s : u"live"_s); });
    s.setActive(true);
    {
        auto peer = owner(name, backend());
        QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
        QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({u"live"_s}), Deadline);
        peer->kill();
        QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({u"live"_s, u"stale"_s}), Deadline);
        order.clear();
    }
    // Revision 1 again, and another one.
    auto peer = owner(name, backend());
    QTRY_COMPARE_WITH_TIMEOUT(s.state(), State::Open, Deadline);
    QVERIFY(s.isStale());
    QCOMPARE(s.age(), -1);
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({u"live"_s}), Deadline);
    s.close();
}

void tst_Staleness::stream()
{
    const QString name = uniqueName();
    auto peer = ownerWith(name, u"stream"_s, u"{\"staleAfter\": 150}"_s);
    SharedStream<quint64> in(name);
    QVERIFY(in.open());
    SharedSegment *const s = in.segment();
    QVERIFY(s->isStale());
    QCOMPARE(s->age(), -1);
    QStringList order;
    connect(s, &SharedSegment::staleChanged, this, [&] {
        order.append(s->isStale() ? u"stale"_s : u"live"_s);
        if (s->isStale())
            QVERIFY(s->age() >= 150);
    });
    QCOMPARE(peer->ask("append 3"), u"appended 3"_s);
    QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({u"live"_s, u"stale"_s}), Deadline);
    QCOMPARE(in.readNew().size(), 3);
    QCOMPARE(peer->ask("append 20"), u"appended 23"_s);
    QTRY_COMPARE_WITH_TIMEOUT(order.size(), 4, Deadline);
}

void tst_Staleness::ageNotifies()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s));
    QElapsedTimer sinceFirst;
    int announced = 0;
    qint64 last = -1;
    connect(&s, &SharedSegment::ageChanged, this, [&] {
        if (announced++ == 0)
            sinceFirst.start();
        last = s.age();
    });
    QVERIFY(s.publish(QByteArray(64, 'x')));
    QTRY_VERIFY_WITH_TIMEOUT(announced >= 5, Deadline);
    // At most one in each tenth of a second.
    QVERIFY2(announced <= 2 + sinceFirst.elapsed() / 100, qPrintable(QString::number(announced)));
    QVERIFY(last > 0);
    // Many updates make no more of them.
    for (int i = 0; i < 200; ++i) {
        QVERIFY(s.publish(QByteArray(64, 'x')));
        QCoreApplication::processEvents();
    }
    QVERIFY2(announced <= 2 + sinceFirst.elapsed() / 100, qPrintable(QString::number(announced)));
    QTRY_VERIFY_WITH_TIMEOUT(last < 100, Deadline);
}

void tst_Staleness::ownRevisions()
{
    // An owner without receivers of its updates is not woken by them, and must be with these.
    SharedSegment s(uniqueName());
    QVERIFY(create(s));
    s.setStaleAfter(100);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(s.publish(QByteArray(64, 'x')));
        QCoreApplication::processEvents();
    }
    QTRY_VERIFY_WITH_TIMEOUT(s.isStale(), Deadline);
    QStringList order;
    connect(&s, &SharedSegment::staleChanged, this, [&] { order.append(s.isStale() ? u"stale"_s : u"live"_s); });
    QCoreApplication::processEvents();
    QVERIFY(s.publish(QByteArray(64, 'y')));
    QTRY_COMPARE_WITH_TIMEOUT(order, QStringList({u"live"_s, u"stale"_s}), Deadline);
}

void tst_Staleness::connectedInOtherThreads()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s));
    s.setStaleAfter(50);
    for (int round = 0; round < 50; ++round) {
        QVERIFY(s.publish(QByteArray(64, 'x')));
        auto receiver = std::make_unique<QObject>();
        int signals = 0;
        bool isStaleThen = false;
        std::thread([&] {
            connect(&s, &SharedSegment::staleChanged, receiver.get(), [&] {
                ++signals;
                isStaleThen = s.isStale();
            });
        }).join();
        if (round % 10 == 0)
            QTRY_VERIFY_WITH_TIMEOUT(signals > 0 && isStaleThen, Deadline);
        // The receiver ends in another thread, with the alarm set.
        receiver->moveToThread(nullptr);
        std::thread([&] { receiver.reset(); }).join();
        if (round % 3 == 0)
            QCoreApplication::processEvents();
    }
}

void tst_Staleness::movesToAnotherThread()
{
    auto s = std::make_unique<SharedSegment>(uniqueName());
    QVERIFY(create(*s));
    QVERIFY(s->publish(QByteArray(64, 'x')));
    s->setStaleAfter(300);
    std::atomic<int> signals = 0;
    std::atomic<bool> isInThread = false;
    QThread thread;
    connect(
        s.get(), &SharedSegment::staleChanged, s.get(),
        [&] {
            isInThread = QThread::currentThread() == &thread;
            ++signals;
        },
        Qt::DirectConnection);
    QVERIFY(!s->isStale());
    thread.start();
    s->moveToThread(&thread);
    QTRY_VERIFY_WITH_TIMEOUT(signals > 0, Deadline);
    QVERIFY(isInThread);
    QMetaObject::invokeMethod(
        s.get(), [&] { s.reset(); }, Qt::BlockingQueuedConnection);
    thread.quit();
    QVERIFY(thread.wait(Deadline));
}

void tst_Staleness::deletedByAReceiver()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    // At the same moment: the first one deletes all.
    std::vector<std::unique_ptr<SharedSegment>> segments;
    for (int i = 0; i < 3; ++i) {
        segments.push_back(std::make_unique<SharedSegment>(name));
        SharedSegment *const s = segments.back().get();
        QVERIFY(s->open());
        connect(s, &SharedSegment::staleChanged, this, [&] { const auto all = std::exchange(segments, {}); });
    }
    for (const auto &s : segments)
        s->setStaleAfter(s->age() < 60 ? 100 : static_cast<int>(s->age()) + 100);
    QTRY_VERIFY_WITH_TIMEOUT(segments.empty(), Deadline);
}

void tst_Staleness::beforeTheLoop()
{
    // A thread whose event loop begins later.
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    bool wasTold = false;
    std::thread([&] {
        SharedSegment s(name);
        s.setStaleAfter(60'000);
        s.open();
        QEventLoop *running = nullptr;
        connect(&s, &SharedSegment::staleChanged, [&] {
            wasTold = s.isStale();
            running->quit();
        });
        s.setStaleAfter(static_cast<int>(s.age()) + 200);
        QEventLoop loop;
        running = &loop;
        QTimer::singleShot(Deadline, &loop, &QEventLoop::quit);
        loop.exec();
    }).join();
    QVERIFY(wasTold);
}

QTEST_GUILESS_MAIN(tst_Staleness)
#include "tst_staleness.moc"
