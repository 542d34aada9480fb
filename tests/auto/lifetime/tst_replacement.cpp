// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// The owner in another process replaces the segment that this one has open: this one goes over, whatever it is doing.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>

#include <array>
#include <future>
#include <memory>
#include <thread>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace std::chrono_literals;
using Error = SharedSegment::Error;
using Access = SharedSegment::Access;
using State = SharedSegment::State;

namespace {

/// The peer as an owner of u64, which has published revision 1.
std::unique_ptr<Peer> owner(const QString &name, const QString &capacity, const QString &writers = u"one"_s,
                            const QString &kind = u"fixed"_s)
{
    auto peer = std::make_unique<Peer>(
        QStringList{u"own"_s, name, u"u64"_s, capacity, nameOf(preferredBackend()), u"0"_s, writers, kind});
    if (const QString answer = peer->line(); answer != u"ready"_s)
        qWarning("peer: %s", qPrintable(answer));
    if (const QString answer = peer->ask("publish 1"); answer != u"published 1"_s)
        qWarning("peer: %s", qPrintable(answer));
    return peer;
}

} // namespace

class tst_Replacement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void beforeTheEventLoop();
    void waiting();
    void waitingInAnotherThread();
    void waitingInAThreadThatNothingHelps();
    void requirements_data();
    void requirements();
    void writer();
    void writerWhoseSignalDeletes();
    void writerWhoseSignalCloses();

private:
    RegistryFolder m_registry;
};

/// The record is first needed when the event loop runs, and by then it is gone.
void tst_Replacement::beforeTheEventLoop()
{
    const QString name = uniqueName();
    auto peer = owner(name, u"2"_s);
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QSignalSpy reopened(&reader, &SharedSegment::reopened);
    QCOMPARE(peer->ask("recreate 4"), u"recreated"_s);
    QTRY_COMPARE_WITH_TIMEOUT(reopened.size(), 1, Deadline);
    QCOMPARE(reader.state(), State::Open);
    QCOMPARE(reader.capacity(), 4);
    QCOMPARE(peer->ask("publish 2"), u"published 2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(reader.revision(), 2u, Deadline);
    // Another process that takes the name has not replaced anything.
    SharedSegment other(name);
    QVERIFY(other.open());
    peer->kill();
    auto next = owner(name, u"2"_s);
    QTRY_COMPARE_WITH_TIMEOUT(other.state(), State::Orphaned, Deadline);
}

void tst_Replacement::waiting()
{
    const QString name = uniqueName();
    auto peer = owner(name, u"2"_s);
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QSignalSpy reopened(&reader, &SharedSegment::reopened);
    QSignalSpy orphaned(&reader, &SharedSegment::orphaned);
    reader.setError(Error::InvalidValue, u"a failure"_s);
    // With the record mapped, and without. There is no update, and the wait takes all its time.
    for (int capacity = 4; capacity < 6; ++capacity) {
        QCOMPARE(peer->ask("recreate " + QByteArray::number(capacity)), u"recreated"_s);
        QVERIFY(!reader.waitForUpdated(1, 50ms));
        QVERIFY2(reader.error() == Error::NoError, qPrintable(reader.errorString()));
        QCOMPARE(reader.capacity(), capacity);
        QCOMPARE(reader.state(), State::Open);
    }
    QCOMPARE(reopened.size(), 2);
    QCOMPARE(peer->ask("recreate 6"), u"recreated"_s);
    QCOMPARE(peer->ask("publish 2"), u"published 2"_s);
    QVERIFY2(reader.waitForUpdated(1, QDeadlineTimer(Deadline)), qPrintable(reader.errorString()));
    QCOMPARE(reader.revision(), 2u);
    QCOMPARE(reader.capacity(), 6);
    QCOMPARE(orphaned.size(), 0);
}

void tst_Replacement::waitingInAnotherThread()
{
    const QString name = uniqueName();
    auto peer = owner(name, u"2"_s);
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QTRY_COMPARE_WITH_TIMEOUT(reader.listenerCount(), 1, Deadline);
    std::future<bool> waits =
        std::async(std::launch::async, [&] { return reader.waitForUpdated(1, QDeadlineTimer(Deadline)); });
    QTRY_COMPARE_WITH_TIMEOUT(reader.listenerCount(), 2, Deadline);
    QCOMPARE(peer->ask("recreate 4"), u"recreated"_s);
    QTRY_COMPARE_WITH_TIMEOUT(reader.listenerCount(), 2, Deadline);
    QCOMPARE(peer->ask("publish 2"), u"published 2"_s);
    QTRY_VERIFY_WITH_TIMEOUT(waits.wait_for(0s) == std::future_status::ready, Deadline);
    QVERIFY(waits.get());
    QCOMPARE(reader.revision(), 2u);
}

/// Nothing goes over in the object's own thread, so that the other one ends its waiting.
void tst_Replacement::waitingInAThreadThatNothingHelps()
{
    const QString name = uniqueName();
    auto peer = owner(name, u"2"_s);
    SharedSegment reader(name);
    QVERIFY(reader.open());
    std::future<bool> waits =
        std::async(std::launch::async, [&] { return reader.waitForUpdated(1, QDeadlineTimer::Forever); });
    QCOMPARE(peer->ask("recreate 4"), u"recreated"_s);
    QVERIFY(waits.wait_for(std::chrono::milliseconds(Deadline)) == std::future_status::ready);
    QVERIFY(!waits.get());
}

void tst_Replacement::requirements_data()
{
    QTest::addColumn<bool>("isActive");
    QTest::newRow("open") << false;
    QTest::newRow("active") << true;
}

/// What open() required holds for what it goes over to.
void tst_Replacement::requirements()
{
    QFETCH(const bool, isActive);
    const QString name = uniqueName();
    auto peer = owner(name, u"2"_s);
    SharedArray<quint64, 2> array(name);
    SharedSegment reader(name);
    reader.setCapacity(2);
    for (SharedSegment *segment : {array.segment(), &reader}) {
        QVERIFY(segment->open());
        segment->setActive(isActive);
        QTRY_VERIFY_WITH_TIMEOUT(segment->listenerCount() > 0, Deadline);
    }
    QCOMPARE(peer->ask("recreate 4"), u"recreated"_s);
    for (SharedSegment *segment : {array.segment(), &reader}) {
        QTRY_COMPARE_WITH_TIMEOUT(segment->state(), State::Orphaned, Deadline);
        QCOMPARE(segment->capacity(), 2);
        if (isActive)
            QTRY_COMPARE_WITH_TIMEOUT(segment->error(), Error::LayoutMismatch, Deadline);
    }
}

void tst_Replacement::writer()
{
    const QString name = uniqueName();
    auto peer = owner(name, u"2"_s, u"many"_s, u"variable"_s);
    SharedArray<quint64> array(name);
    QVERIFY(array.open(Access::ReadWrite));
    QSignalSpy reopened(array.segment(), &SharedSegment::reopened);
    QSignalSpy closed(array.segment(), &SharedSegment::closed);
    QCOMPARE(peer->ask("recreate 4"), u"recreated"_s);
    QVERIFY2(array.publish(std::array<quint64, 3>{5, 6, 7}), qPrintable(array.errorString()));
    QCOMPARE(array.error(), Error::NoError);
    QCOMPARE(array.capacity(), 4);
    QCOMPARE(reopened.size(), 1);
    QCOMPARE(array.revision(), 2u);
    QCOMPARE(peer->ask("recreate 5"), u"recreated"_s);
    {
        auto writer = array.beginWrite();
        QVERIFY2(writer, qPrintable(array.errorString()));
        QCOMPARE(writer.size(), 3);
        QVERIFY(writer.resize(5));
    }
    QCOMPARE(peer->ask("recreate 6"), u"recreated"_s);
    QVERIFY2(array.segment()->write(4, 9), qPrintable(array.errorString()));
    QCOMPARE(array.snapshot(), QList<quint64>({5, 6, 7, 0, 9}));
    QCOMPARE(peer->ask("recreate 7"), u"recreated"_s);
    QVERIFY2(array.segment()->write(QVariantList{1, 2, 3, 4, 5, 6}), qPrintable(array.errorString()));
    QCOMPARE(array.revision(), 5u);
    QCOMPARE(reopened.size(), 4);
    QCOMPARE(closed.size(), 0);
    // An owner that is gone is still an error.
    QCOMPARE(peer->ask("close"), u"closed"_s);
    QVERIFY(!array.publish(std::array<quint64, 1>{5}));
    QCOMPARE(array.error(), Error::NotFound);
}

void tst_Replacement::writerWhoseSignalDeletes()
{
    const QString name = uniqueName();
    auto peer = owner(name, u"2"_s, u"many"_s);
    for (const bool isTransaction : {false, true}) {
        auto *const segment = new SharedSegment(name);
        QVERIFY(segment->open(Access::ReadWrite));
        QObject::connect(segment, &SharedSegment::reopened, [segment] { delete segment; });
        QCOMPARE(peer->ask("recreate 2"), u"recreated"_s);
        if (isTransaction)
            QVERIFY(!segment->beginWrite());
        else
            QVERIFY(!segment->publish(QByteArray(16, 'x')));
    }
    SharedSegment reader(name);
    QVERIFY(reader.open());
    QCOMPARE(reader.revision(), 1u);
}

void tst_Replacement::writerWhoseSignalCloses()
{
    const QString name = uniqueName();
    auto peer = owner(name, u"2"_s, u"many"_s);
    SharedSegment segment(name);
    QVERIFY(segment.open(Access::ReadWrite));
    QObject::connect(&segment, &SharedSegment::reopened, &segment, &SharedSegment::close);
    QCOMPARE(peer->ask("recreate 2"), u"recreated"_s);
    QVERIFY(!segment.publish(QByteArray(16, 'x')));
    QCOMPARE(segment.error(), Error::NotFound);
}

QTEST_GUILESS_MAIN(tst_Replacement)
#include "tst_replacement.moc"
