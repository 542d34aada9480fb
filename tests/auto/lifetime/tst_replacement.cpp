// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What an object does that writes or waits, without an event loop, when the owner has replaced the segment by recreate().

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtTest/QSignalSpy>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>

using namespace Qt::StringLiterals;
using namespace testsupport;
using Error = SharedSegment::Error;
using Access = SharedSegment::Access;

class tst_Replacement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { QCOMPARE(SharedSegment::names(), QStringList()); }

    void publisherGoesOver();
    void transactionGoesOver();
    void elementWriterGoesOver();
    void deletedWhileItGoesOver();
    void closedWhileItGoesOver();
    void waiterGoesOver();
    void waiterOfAnotherThread();

private:
    RegistryFolder m_registry;
};

namespace {

/// An owner with one writer besides, both at revision 1.
struct Pair
{
    Pair()
    {
        owner.segment()->setMultipleWriters(true);
        QVERIFY2(owner.createWithCapacity(2), qPrintable(owner.errorString()));
        QVERIFY2(writer.open(Access::ReadWrite), qPrintable(writer.errorString()));
        QVERIFY(owner.publish(std::array{1, 2}));
    }

    SharedArray<int> owner{uniqueName()};
    SharedArray<int> writer{owner.segment()->name()};
};

} // namespace

void tst_Replacement::publisherGoesOver()
{
    Pair pair;
    QSignalSpy reopened(pair.writer.segment(), &SharedSegment::reopened);
    QSignalSpy closed(pair.writer.segment(), &SharedSegment::closed);
    for (const qint64 capacity : {4, 8}) {
        QVERIFY(pair.owner.segment()->recreate(capacity));
        QVERIFY2(pair.writer.publish(std::array{1, 2, 3, 4}), qPrintable(pair.writer.errorString()));
        QCOMPARE(pair.writer.error(), Error::NoError);
        QCOMPARE(pair.writer.capacity(), capacity);
    }
    QCOMPARE(reopened.size(), 2);
    QCOMPARE(closed.size(), 0);
    QCOMPARE(pair.owner.snapshot(), QList<int>({1, 2, 3, 4}));
    QCOMPARE(pair.owner.revision(), 3u);
    pair.owner.close();
    QVERIFY(!pair.writer.publish(std::array{1}));
    QCOMPARE(pair.writer.error(), Error::NotFound);
}

void tst_Replacement::transactionGoesOver()
{
    Pair pair;
    QVERIFY(pair.owner.segment()->recreate(3));
    {
        auto write = pair.writer.beginWrite();
        QVERIFY2(write, qPrintable(pair.writer.errorString()));
        QVERIFY(write.resize(3));
        write[2] = 7;
    }
    QCOMPARE(pair.owner.snapshot(), QList<int>({1, 2, 7}));
}

void tst_Replacement::elementWriterGoesOver()
{
    Pair pair;
    QVERIFY(pair.owner.segment()->recreate(3));
    QVERIFY2(pair.writer.segment()->write(1, 9), qPrintable(pair.writer.errorString()));
    QCOMPARE(pair.owner.snapshot(), QList<int>({1, 9}));
}

void tst_Replacement::deletedWhileItGoesOver()
{
    Pair pair;
    auto *const writer = new SharedSegment(pair.owner.segment()->name());
    QVERIFY(writer->open(Access::ReadWrite));
    QObject::connect(writer, &SharedSegment::reopened, writer, [writer] { delete writer; });
    QVERIFY(pair.owner.segment()->recreate(3));
    QVERIFY(!writer->publish(QByteArray(4, '\1')));
    QCOMPARE(pair.owner.revision(), 1u);
}

void tst_Replacement::closedWhileItGoesOver()
{
    Pair pair;
    QObject::connect(pair.writer.segment(), &SharedSegment::reopened, pair.writer.segment(), &SharedSegment::close);
    QVERIFY(pair.owner.segment()->recreate(3));
    QVERIFY(!pair.writer.publish(std::array{5}));
    QCOMPARE(pair.writer.error(), Error::NotFound);
}

void tst_Replacement::waiterGoesOver()
{
    Pair pair;
    SharedArray<int> reader(pair.owner.segment()->name());
    QVERIFY(reader.open());
    QSignalSpy reopened(reader.segment(), &SharedSegment::reopened);
    QSignalSpy orphaned(reader.segment(), &SharedSegment::orphaned);
    QVERIFY(pair.owner.segment()->recreate(3));
    reader.segment()->setError(Error::InvalidValue, u"a failure"_s);
    // There is no update, and the wait takes all its time.
    QVERIFY(!reader.waitForUpdated(1, QDeadlineTimer(50)));
    QCOMPARE(reader.error(), Error::NoError);
    QCOMPARE(reopened.size(), 1);
    QVERIFY(pair.owner.segment()->recreate(4));
    QVERIFY(pair.owner.publish(std::array{1, 2, 3, 4}));
    QVERIFY2(reader.waitForUpdated(1, QDeadlineTimer(Deadline)), qPrintable(reader.errorString()));
    QCOMPARE(reader.snapshot(), QList<int>({1, 2, 3, 4}));
    QCOMPARE(orphaned.size(), 0);
}

void tst_Replacement::waiterOfAnotherThread()
{
    Pair pair;
    SharedArray<int> reader(pair.owner.segment()->name());
    QVERIFY(reader.open());
    std::atomic<bool> isUpdated = false;
    std::atomic<bool> isDone = false;
    std::thread waiter([&] {
        isUpdated = reader.waitForUpdated(1, QDeadlineTimer(Deadline));
        isDone = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(50)); // Mostly it waits by then.
    QVERIFY(pair.owner.segment()->recreate(3));
    QTRY_COMPARE_WITH_TIMEOUT(reader.capacity(), 3, Deadline);
    QVERIFY(pair.owner.publish(std::array{1, 2, 3}));
    QTRY_VERIFY_WITH_TIMEOUT(isDone, Deadline);
    waiter.join();
    QVERIFY(isUpdated);
}

QTEST_GUILESS_MAIN(tst_Replacement)
#include "tst_replacement.moc"
