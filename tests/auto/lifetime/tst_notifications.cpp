// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QAbstractEventDispatcher>
#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>
#include <QtTest/QSignalSpy>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;
using Backend = SharedSegment::Backend;

/// Like the QML type.
class ThrottledSegment : public SharedSegment
{
public:
    explicit ThrottledSegment(const QString &name)
        : SharedSegment(name)
    {
        setThrottled(true);
    }
};

class tst_Notifications : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

    static bool create(SharedSegment &segment)
    {
        segment.setBackend(backend());
        return segment.create(SharedLayout::of<quint64>(), 8);
    }

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void coalescedAndNeverLost();
    void publishedBeforeTheLoopRan();
    void ownWritesAreUpdatesToo();
    void objectWithoutReceiversIsNotWoken();
    void lateListenersAreNotified();
    void multipleWritersNotifyEachOther();
    void fastUpdatesLeaveTimeForOthers();
    void deadListenersAreHarmless();
    void listenersBeyondTheTable();
};

void tst_Notifications::coalescedAndNeverLost()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    QVERIFY(s.open());
    quint64 last = 0;
    int wakeUps = 0;
    connect(&s, &SharedSegment::updated, this, [&](SharedRevision revision) {
        QVERIFY(revision.number > last); // none twice, none backwards
        QVERIFY(revision.timestamp > 0);
        QCOMPARE(revision.count, 8);
        last = revision.number;
        ++wakeUps;
    });
    quint64 published = 0;
    for (int burst = 0; burst < 50; ++burst) {
        for (int i = 0; i < 20; ++i)
            QCOMPARE(peer->ask("publish 5"), u"published %1"_s.arg(++published));
        QTRY_COMPARE_WITH_TIMEOUT(last, published, Deadline);
    }
    QVERIFY2(wakeUps < 1000, "a burst while the listener is busy is one update");
}

void tst_Notifications::publishedBeforeTheLoopRan()
{
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    SharedSegment s(name);
    QSignalSpy updated(&s, &SharedSegment::updated);
    QVERIFY(s.open());
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    QCOMPARE(updated.first().first().value<SharedRevision>().number, 1u);
}

void tst_Notifications::ownWritesAreUpdatesToo()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s));
    SharedSegment beside(s.name());
    QVERIFY(beside.open());
    QSignalSpy own(&s, &SharedSegment::updated);
    QSignalSpy other(&beside, &SharedSegment::updated);
    for (int i = 0; i < 100; ++i)
        QVERIFY(s.publish(QByteArray(64, char(i))));
    QTRY_COMPARE_WITH_TIMEOUT(own.count(), 1, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(other.count(), 1, Deadline);
    QCOMPARE(own.first().first().value<SharedRevision>().number, 100u);
    QVERIFY(s.publish(QByteArray(64, 'x')));
    QTRY_COMPARE_WITH_TIMEOUT(own.count(), 2, Deadline);
    // From another thread too.
    SharedArray<quint64> array(uniqueName());
    QVERIFY(array.create(8));
    QSignalSpy fromThread(array.segment(), &SharedSegment::updated);
    std::thread([&] { array.publish(std::vector<quint64>(8, 1)); }).join();
    QTRY_COMPARE_WITH_TIMEOUT(fromThread.count(), 1, Deadline);
}

void tst_Notifications::objectWithoutReceiversIsNotWoken()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s));
    auto *const dispatcher = QAbstractEventDispatcher::instance();
    const auto wakesUp = [&] {
        for (int i = 0; i < 10; ++i) {
            if (!s.publish(QByteArray(64, char(i))))
                return true;
        }
        return dispatcher->processEvents(QEventLoop::AllEvents);
    };
    wakesUp(); // what is left to do after creating it, and the first update
    while (dispatcher->processEvents(QEventLoop::AllEvents)) { }
    QVERIFY(!wakesUp());
    {
        const QSignalSpy spy(&s, &SharedSegment::revisionChanged);
        while (dispatcher->processEvents(QEventLoop::AllEvents)) { }
        QCOMPARE(spy.count(), 0);
        QVERIFY(wakesUp());
        QCOMPARE(spy.count(), 1);
    }
    wakesUp(); // still awaited
    QVERIFY(!wakesUp());
}

void tst_Notifications::lateListenersAreNotified()
{
    SharedSegment s(uniqueName());
    QVERIFY(create(s));
    quint64 received = 0;
    for (int round = 0; round < 200; ++round) {
        // No receiver for a while.
        for (int i = 0; i < 3; ++i) {
            QVERIFY(s.publish(QByteArray(64, 'x')));
            QCoreApplication::processEvents();
        }
        const quint64 before = s.revision();
        QMetaObject::Connection connection;
        const auto listen = [&] {
            connection = connect(&s, &SharedSegment::updated, this,
                                 [&](SharedRevision revision) { received = revision.number; });
        };
        if (round % 2 == 0)
            listen();
        else
            std::thread(listen).join();
        if (round % 4 < 2)
            QCoreApplication::processEvents();
        QVERIFY2(received <= before - 3, "what came before is no update");
        // From another thread, at any moment.
        std::thread publisher([&] { QVERIFY(s.publish(QByteArray(64, 'y'))); });
        QCoreApplication::processEvents();
        publisher.join();
        QVERIFY(QTest::qWaitFor([&] { return received == before + 1; }, Deadline));
        disconnect(connection);
    }
}

void tst_Notifications::multipleWritersNotifyEachOther()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    s.setMultipleWriters(true);
    QVERIFY(create(s));
    QSignalSpy updated(&s, &SharedSegment::updated);
    Peer peer({u"attach"_s, name, u"write"_s});
    QCOMPARE(peer.line(), u"ready"_s);
    QCoreApplication::processEvents();
    QCOMPARE(peer.ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 1, Deadline);
    QVERIFY(s.publish(QByteArray(64, 'x')));
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 2, Deadline);
    QCOMPARE(peer.ask("publish 6"), u"published 3"_s);
    QTRY_COMPARE_WITH_TIMEOUT(updated.count(), 3, Deadline);
    QVERIFY(peer.finish());
}

void tst_Notifications::fastUpdatesLeaveTimeForOthers()
{
    constexpr int Milliseconds = 300;
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    ThrottledSegment elsewhere(name);
    QVERIFY(elsewhere.open());
    ThrottledSegment here(uniqueName());
    here.setBackend(backend());
    QVERIFY(here.create(SharedLayout::of<quint64>(), 8));
    const QByteArray values(64, 'x');
    int fromElsewhere = 0;
    int fromHere = 0;
    quint64 lastHere = 0;
    quint64 lastElsewhere = 0;
    connect(&elsewhere, &SharedSegment::updated, this, [&](SharedRevision revision) {
        ++fromElsewhere;
        lastElsewhere = revision.number;
    });
    connect(&here, &SharedSegment::updated, this, [&](SharedRevision revision) {
        ++fromHere;
        lastHere = revision.number;
    });
    QCoreApplication::processEvents();
    peer->tell("spin");
    std::atomic<bool> isOver = false;
    std::thread publisher([&] {
        while (!isOver)
            here.publish(values);
    });
    QElapsedTimer time;
    time.start();
    QTest::qWait(Milliseconds);
    const auto most = 2 * time.elapsed() + 20;
    isOver = true;
    publisher.join();
    QVERIFY2(fromElsewhere > 0 && fromElsewhere < most, qPrintable(QString::number(fromElsewhere)));
    QVERIFY2(fromHere > 0 && fromHere < most, qPrintable(QString::number(fromHere)));
    // Still, the last one comes.
    QTRY_COMPARE_WITH_TIMEOUT(lastHere, here.revision(), Deadline);
    peer->kill();
    QTRY_COMPARE_WITH_TIMEOUT(elsewhere.state(), State::Orphaned, Deadline);
    QCOMPARE(lastElsewhere, elsewhere.revision());
    // And after an idle time the next one comes at once, without polling.
    QTest::qWait(20);
    QVERIFY(here.publish(values));
    QCoreApplication::processEvents();
    QCOMPARE(lastHere, here.revision());
}

void tst_Notifications::deadListenersAreHarmless()
{
    const QString name = uniqueName();
    SharedSegment s(name);
    s.setMultipleWriters(true); // so that this object listens as well
    QVERIFY(create(s));
    QCoreApplication::processEvents();
    for (int i = 0; i < 20; ++i) {
        Peer peer({u"attach"_s, name, u"read"_s});
        QCOMPARE(peer.line(), u"ready"_s);
        QCOMPARE(peer.ask("listen"), u"listening"_s);
        peer.kill();
    }
    QCOMPARE(s.listenerCount(), 21);
    QCOMPARE(m_folder.doorbells(), areDoorbellsFiles ? 21 : 0); // our own, and theirs
    QVERIFY(s.publish(QByteArray(64, 'x')));
    QCOMPARE(s.listenerCount(), 1);
    QCOMPARE(m_folder.doorbells(), areDoorbellsFiles ? 1 : 0);
    QVERIFY(s.publish(QByteArray(64, 'y')));
}

void tst_Notifications::listenersBeyondTheTable()
{
    // More listeners than a record has slots for: the others poll every 50 ms, and take a slot when one becomes free.
    const QString name = uniqueName();
    auto peer = owner(name, backend());
    constexpr int Count = 120;
    std::vector<std::unique_ptr<SharedSegment>> listeners;
    int received = 0;
    for (int i = 0; i < Count; ++i) {
        listeners.push_back(std::make_unique<SharedSegment>(name));
        connect(listeners.back().get(), &SharedSegment::updated, this, [&] { ++received; });
        QVERIFY(listeners.back()->open());
    }
    QCoreApplication::processEvents();
    constexpr int Places = 112;
    QCOMPARE(listeners.back()->listenerCount(), Places);
    QCOMPARE(m_folder.doorbells(), areDoorbellsFiles ? Places : 0);
    QCOMPARE(peer->ask("publish 5"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(received, Count, Deadline);
    listeners.erase(listeners.begin(), listeners.begin() + 20);
    QTRY_COMPARE_WITH_TIMEOUT(listeners.back()->listenerCount(), Count - 20, Deadline);
    QCOMPARE(peer->ask("publish 6"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(received, Count + 100, Deadline);
    peer->kill();
    for (const auto &listener : listeners)
        QTRY_COMPARE_WITH_TIMEOUT(listener->state(), State::Orphaned, Deadline);
}

QTEST_GUILESS_MAIN(tst_Notifications)
#include "tst_notifications.moc"
